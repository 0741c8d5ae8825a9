"""The texts of rules: titles with their numbers filled in, and what is wrong with a rule in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from constraints.case import grade_names
from instances.language import Message


def own_id(table: Mapping[str, Any]) -> str:
    """Return the id of a rule that only names its template: the template's, with the grades or stages if it names any."""
    given = table.get("grades", table.get("stage", []))
    parts = given if isinstance(given, list) else [given]
    if len(parts) > 2 and all(isinstance(p, int) for p in parts) and parts == list(range(parts[0], parts[-1] + 1)):
        parts = [parts[0], parts[-1]]
    return "-".join(str(part) for part in (table["use"], *parts))


def filled(words: Mapping[str, str], params: Mapping[str, Any], grades: tuple[int, ...]) -> dict[str, str]:
    """Return texts with ``{at_least}`` and the like replaced by the parameters of the rule, and ``{who}`` by its grades."""
    hours = {"hours": f"{params['minutes'] / 60:g}"} if isinstance(params.get("minutes"), int) else {}
    signs = {
        "exactly": ("", ""),
        "at_least": ("不少于", "at least "),
        "more_than": ("超过", "more than "),
        "at_most": ("不超过", "at most "),
    }
    filled = {}
    for position, language in enumerate(("zh", "en")):
        comma = ("、", ", ")[position]
        values = {k: comma.join(map(str, v)).replace("|", "/") if isinstance(v, list) else v for k, v in params.items()} | hours
        bounds = [f"{signs[key][position]}{params[key]:g}" for key in signs if isinstance(params.get(key), int | float)]
        names = _WEEKDAYS[language]
        weekdays = [names[day - 1] for day in params.get("days", ()) if isinstance(day, int) and 1 <= day <= 7]
        more = {"who": _who(grades)[language], "bound": ", ".join(bounds), "weekdays": comma.join(weekdays)}
        try:
            filled[language] = words.get(language, words.get("zh", "")).format(**values, **more)
        except (KeyError, IndexError, ValueError):
            filled[language] = words.get(language, "")
    return filled


_WEEKDAYS = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_STAGES = {
    (1, 6): ("小学", "primary"),
    (7, 9): ("初中", "junior"),
    (10, 12): ("高中", "senior"),
    (1, 9): ("小学和初中", "primary and junior"),
    (7, 12): ("中学", "secondary"),
}


def _who(grades: tuple[int, ...]) -> dict[str, str]:
    """Return grades as the beginning of a Chinese title and as the end of an English one."""
    if not grades:
        return {"zh": "", "en": ""}
    whole = _STAGES.get((grades[0], grades[-1])) if len(grades) == grades[-1] - grades[0] + 1 else None
    zh, en = whole or (f"{grade_names(grades)}年级", f"grades {grade_names(grades)}" if len(grades) > 1 else f"grade {grades[0]}")
    return {"zh": zh, "en": f" ({en})"}


def in_words(problem: Any, known: Any) -> Message:
    """Return what pydantic found wrong, in our words."""
    key = str(problem["loc"][0]) if problem["loc"] else ""
    kind = problem["type"]
    if kind == "missing":
        return Message("“{key}” is missing", key=key)
    if kind == "extra_forbidden":
        names = ", ".join(sorted(known))
        return Message("unknown key “{key}”, expected one of: {known}", key=key, known=names)
    if kind in ("literal_error", "enum"):
        expected = str(problem["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
        return Message("“{key}” must be one of: {known}", key=key, known=expected)
    if kind.startswith(("int", "float", "greater", "less")):
        return Message("“{key}”: {value} is not a number that fits here", key=key, value=repr(problem["input"]))
    if kind.startswith(("tuple", "list")):
        return Message("“{key}” must be a list", key=key)
    if kind.startswith("bool"):
        return Message("“{key}” must be true or false", key=key)
    if kind.startswith("string"):
        return Message("“{key}” must be a text", key=key)
    reason = str(problem.get("ctx", {}).get("error", ""))
    if reason == "clock":
        return Message('“{key}” must be a clock time in quotation marks, such as "8:20"', key=key)
    if reason == "bounds":
        return Message("one of exactly, at_least and at_most (or minutes, each, together) is needed")
    if reason == "clock bounds":
        return Message("one of not_before and not_after is needed")
    if reason == "order":
        return Message("at_least is larger than at_most")
    if reason == "item":
        return Message("“{key}”: {value} is not an item of the records that fits here", key=key, value=repr(problem["input"]))
    return Message("“{key}” does not fit: {reason}", key=key, reason=reason or str(problem["msg"]))
