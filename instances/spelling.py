"""One text in the many spellings that keyboards and Excel give it: full width, half width, stray spaces, Chinese numerals."""

from __future__ import annotations

import re
import unicodedata

_SAME = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
        **dict.fromkeys("~∼〜～", "~"),
        **dict.fromkeys("[【〔〖「『", "("),
        **dict.fromkeys("]】〕〗」』", ")"),
        **dict.fromkeys("·•・‧∙", "·"),
        **dict.fromkeys("“”„", '"'),
        **dict.fromkeys("‘’‚`´", "'"),
    }
)
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad]+")
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0}
CHINESE_NUMBER = "[零〇一二两三四五六七八九十]+"
"""A pattern for the numerals that :func:`number_of` reads."""


def normalise(text: str) -> str:
    """Return ``text`` for comparison: no spaces or invisible characters, half width, one kind of dash, bracket and dot.

    NFKC also turns ``①`` to ``1``, ``㈠`` to ``(一)`` and ``Ⅱ`` to ``II``.
    """
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text).translate(_SAME))
    # spaces gone, an accent may stand beside a letter that it belongs to
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", plain).translate(_SAME))


def key(text: str) -> str:
    """Return :func:`normalise` without regard to case, for headers and names in either language."""
    return normalise(text).casefold()


def number_of(text: str) -> int | None:
    """Return the whole number that ``text`` writes in digits or in Chinese numerals up to 99 (``十二``, ``二十``, ``廿`` not), or None.

    ``12`` -> 12, ``１２`` -> 12, ``十二`` -> 12, ``一二`` -> 12 (digit by digit), ``两`` -> 2.
    """
    text = normalise(text)
    if text.isascii() and text.isdigit():
        return int(text)
    if not re.fullmatch(CHINESE_NUMBER, text):
        return None
    if "十" in text:
        tens, _, ones = text.partition("十")
        if len(tens) > 1 or len(ones) > 1:
            return None
        return _DIGITS.get(tens or "一", 1) * 10 + (_DIGITS[ones] if ones else 0)
    return int("".join(str(_DIGITS[character]) for character in text))
