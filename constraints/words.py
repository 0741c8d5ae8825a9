"""Texts that data files carry in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from instances.language import current_language


class Words(Mapping[str, str]):
    """A text by language; shown in the language in force, in Chinese where that one is missing."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = dict(texts)

    def __str__(self) -> str:
        return self._texts.get(current_language()) or self._texts.get("zh", "")

    def __getitem__(self, language: str) -> str:
        return self._texts[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __hash__(self) -> int:
        return hash(tuple(sorted(self._texts.items())))
