"""XML files as plain elements that know their line. Entities, which could blow a file up to any size, are refused."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from instances.language import Message
from instances.origin import Origin
from scheduler.errors import Finding, InputError

LARGEST = 512 * 1024 * 1024  # bytes of XML, unpacked; the largest archive known has 60 MB


@dataclass(slots=True)
class Element:
    """One element of a file: tag, attributes, children, stripped text, line number from 1."""

    tag: str
    attributes: dict[str, str]
    line: int
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def first(self, *path: str) -> Element | None:
        """Return the first descendant along a path of tags."""
        found: Element | None = self
        for tag in path:
            found = next((child for child in found.children if child.tag == tag), None) if found is not None else None
        return found

    def all(self, *path: str) -> Iterator[Element]:
        """Yield the elements at the end of a path: children of the last tag under the first element along the rest."""
        parent = self.first(*path[:-1])
        if parent is not None:
            yield from (child for child in parent.children if child.tag == path[-1])

    def value(self, *path: str) -> str:
        """Return the text of the first descendant along a path, empty if there is none."""
        found = self.first(*path)
        return found.text if found is not None else ""


def read_xml(path: Path) -> Element:
    """Read an ``.xml`` or ``.xml.gz`` file.

    Raises InputError when the file is missing, too large, not XML, or declares entities.
    """
    return parse_xml(_bytes_of(path), str(path))


def parse_xml(content: bytes, file: str) -> Element:
    """Return the root element of an XML text; ``file`` is its name in messages."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    top = Element("", {}, 0)
    open_elements = [top]
    texts: list[list[str]] = [[]]

    def start(tag: str, attributes: dict[str, str]) -> None:
        element = Element(tag, attributes, parser.CurrentLineNumber)
        open_elements[-1].children.append(element)
        open_elements.append(element)
        texts.append([])

    def end(_: str) -> None:
        open_elements.pop().text = "".join(texts.pop()).strip()

    def entity(*_: object) -> None:
        message = Message("The file declares XML entities, which is refused: they can make a small file endlessly large")
        raise InputError([Finding(message, Origin(file, cell=f"L{parser.CurrentLineNumber}"))])

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda text: texts[-1].append(text)
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise InputError([Finding(Message("This is not a well-formed XML file: {why}", why=str(error)), Origin(file))]) from error
    return top.children[0]


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError([Finding(Message("The file cannot be read: {why}", why=str(error)), Origin(str(path)))]) from error
    if len(content) > LARGEST:
        raise InputError([Finding(Message("The file is larger than {limit} MB", limit=LARGEST // 1024**2), Origin(str(path)))])
    return content
