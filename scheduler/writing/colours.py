"""A light tint for each subject that stays apart from the others in a grey print.

Twelve tints of twelve brightnesses (luma, ITU-R BT.601) between 76 % and 97 %, so that black text stays readable (contrast above 10 : 1)
and no two of the twelve most taught subjects print in the same grey. The subject's name in the cell is the text mark.
"""

from __future__ import annotations

import colorsys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from instances.lessons import PlacedLesson
from instances.school import School

# Neighbours in the order of use are far apart in hue and in brightness.
_HUES = (0.58, 0.11, 0.36, 0.93, 0.50, 0.16, 0.76, 0.28, 0.03, 0.66, 0.42, 0.84)
_LUMAS = (0.970, 0.856, 0.913, 0.799, 0.951, 0.837, 0.894, 0.780, 0.932, 0.818, 0.875, 0.761)
PLAIN = "#FFFFFF"


def luma(colour: str) -> float:
    """Return the brightness that a grey print gives ``#RRGGBB``, 0 to 1."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _tint(hue: float, target: float) -> str:
    """Return white mixed with a full hue until its luma is ``target``; darker where the hue alone is too bright."""
    pure = colorsys.hsv_to_rgb(hue, 0.60, 0.86)
    bright = 0.299 * pure[0] + 0.587 * pure[1] + 0.114 * pure[2]
    share = (1 - target) / (1 - bright)
    mixed = [1 - share * (1 - part) for part in pure] if share <= 1 else [part * target / bright for part in pure]
    return "#" + "".join(f"{round(255 * part):02X}" for part in mixed)


TINTS = tuple(_tint(hue, target) for hue, target in zip(_HUES, _LUMAS, strict=True))


def tints(school: School, others: Iterable[str] = ()) -> dict[str, str]:
    """Return the tint of every subject: the most taught first, then ``others``. The thirteenth shares the tint of the first."""
    lessons: Counter[str] = Counter()
    for course in school.courses:
        lessons[course.subject] += round(course.periods * 2 * max(len(course.classes), 1))
    ordered = [subject for subject, _count in sorted(lessons.items(), key=lambda item: (-item[1], item[0]))]
    return {subject: TINTS[i % len(TINTS)] for i, subject in enumerate(dict.fromkeys([*ordered, *sorted(set(others))]))}


def tint_of(lessons: Sequence[PlacedLesson], colours: Mapping[str, str]) -> str:
    """Return the tint of a cell: that of its first lesson; meetings, activities and self-study stay white."""
    return next((colours[x.subject] for x in lessons if x.kind == "lesson" and x.subject in colours), PLAIN)
