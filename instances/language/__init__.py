"""The two languages of the interface, Chinese and English, through gettext catalogues.

English texts are the message ids; ``zh/*.po`` holds the Chinese ones, one catalogue for each part of the
program, compiled to ``.mo`` beside it by ``make messages``. A :class:`Message` is translated when it is shown, not when it
is made, so one report can be written in either language.
"""

from __future__ import annotations

import gettext
import locale
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")
_HERE = Path(__file__).parent
_current = "en"


def preferred_language(environment: Mapping[str, str] = os.environ) -> str:
    """Return ``KEBIAO_LANG`` if set to ``zh`` or ``en``, else ``zh`` where the locale is Chinese, else ``en``."""
    named = environment.get("KEBIAO_LANG", "")
    if named[:2].lower() in LANGUAGES:
        return named[:2].lower()
    settings = [environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    first = next((value for value in settings if value), locale.getlocale()[0] or "")
    return "zh" if first.lower().startswith(("zh", "chinese")) else "en"


def set_language(language: str) -> None:
    """Choose the language of all texts shown from now on; raises ValueError for one that has no catalogue."""
    global _current
    if language not in LANGUAGES:
        raise ValueError(f"unknown language {language!r}, expected one of {LANGUAGES}")
    _current = language


def current_language() -> str:
    """Return the language in force, ``zh`` or ``en``."""
    return _current


@contextmanager
def in_language(language: str | None) -> Iterator[None]:
    """Speak ``language`` inside the block (None: go on as before), whatever happens in it."""
    before = _current
    if language is not None:
        set_language(language)
    try:
        yield
    finally:
        set_language(before)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    merged = gettext.NullTranslations()
    for path in sorted((_HERE / language).glob("*.mo")):
        with path.open("rb") as file:
            translations = gettext.GNUTranslations(file)
        translations.add_fallback(merged)
        merged = translations
    return merged


def _(text: str) -> str:
    """Return ``text`` in the language in force."""
    return _catalogue(_current).gettext(text) if text else text


class Message:
    """A text with named values, translated when it is shown.

    ``Message("{teacher} has {n} lessons", teacher="孙雪", n=7)``; values may be messages themselves.
    Two messages are equal when text and values are.
    """

    __slots__ = ("text", "values")

    def __init__(self, text: str, **values: object) -> None:
        self.text = text
        self.values = values

    def __str__(self) -> str:
        return _(self.text).format(**self.values) if self.values else _(self.text)

    def __repr__(self) -> str:
        return f"Message({self.text!r}, {self.values!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.text, self.values) == (other.text, other.values)

    def __hash__(self) -> int:
        return hash((self.text, tuple(sorted((key, str(value)) for key, value in self.values.items()))))


class Listing:
    """Several texts as one, put together when shown as the language in force does it: ``a, b`` or ``a、b``."""

    __slots__ = ("items",)

    def __init__(self, items: Iterable[object]) -> None:
        self.items = tuple(items)

    def __str__(self) -> str:
        return _(", ").join(map(str, self.items))

    def __repr__(self) -> str:
        return f"Listing({self.items!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Listing) and self.items == other.items

    def __hash__(self) -> int:
        return hash(self.items)
