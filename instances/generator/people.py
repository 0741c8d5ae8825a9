"""Made-up teachers: the most common surnames and given names, joined at random. Nobody in particular."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = (
    *("伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "霞", "平", "刚"),
    *(
        "秀英",
        "桂英",
        "建华",
        "文",
        "玲",
        "红",
        "建国",
        "志强",
        "海燕",
        "雪",
        "晓明",
        "丽华",
        "婷",
        "婷婷",
        "鹏",
        "宇",
        "佳",
        "欣",
        "琳",
        "博",
    ),
)


def names(rng: Random) -> Iterator[str]:
    """Yield teachers' names in random order, each once; there are 1,600 of them."""
    everybody = [surname + given for surname in SURNAMES for given in GIVEN]
    rng.shuffle(everybody)
    yield from everybody
