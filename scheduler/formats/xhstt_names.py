"""References and numbers in an XHSTT file, with the faults found in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from instances.language import Message
from instances.origin import Origin
from scheduler.errors import Finding
from scheduler.formats.xml_tree import Element

Value = TypeVar("Value")


@dataclass(frozen=True)
class Place:
    """The file that is being read, and what was found wrong in it so far."""

    file: str
    findings: list[Finding]

    def origin(self, element: Element) -> Origin:
        """Return the line of an element."""
        return Origin(self.file, cell=f"L{element.line}")

    def fault(self, element: Element, message: Message, value: str = "", expected: Message | None = None) -> None:
        """Note a fault at an element."""
        text = Message("<{tag}> in line {line}: {what}", tag=element.tag, line=element.line, what=message)
        self.findings.append(Finding(text, self.origin(element), value, expected))

    def id_of(self, element: Element) -> str:
        """Return the Id of an element; note a fault when it has none."""
        if not element.attributes.get("Id"):
            self.fault(element, Message("the attribute {name} is missing", name="Id"))
        return element.attributes.get("Id", "")

    def distinct(self, elements: Iterable[Element]) -> None:
        """Note a fault for each Id that was used before."""
        seen: set[str] = set()
        for element in elements:
            key = element.attributes.get("Id", "")
            if key in seen:
                self.fault(element, Message("the Id {id} is used twice", id=repr(key)))
            seen.add(key)

    def number(self, element: Element, tag: str, default: int | None) -> int | None:
        """Return the whole number, not negative, in a child; ``default`` where there is no such child or, after a fault, no such number."""
        child = element.first(tag)
        if child is None:
            return default
        if not (child.text.isascii() and child.text.isdigit()):
            self.fault(child, Message("not a whole number"), child.text, Message("0, 1, 2, ..."))
            return default
        return int(child.text)

    def limit(self, element: Element, tag: str) -> int:
        """Return the number in a child that must be there; 0 after a fault."""
        if element.first(tag) is None:
            self.fault(element, Message("the element <{tag}> is missing", tag=tag))
        return self.number(element, tag, 0) or 0


@dataclass(frozen=True)
class Names(Generic[Value]):
    """What the ids of one kind of element stand for."""

    kind: str
    values: Mapping[str, Value]
    place: Place

    def key(self, element: Element) -> str | None:
        """Return the id that an element refers to; None, after a fault, where there is no such thing."""
        reference = element.attributes.get("Reference", "")
        if reference in self.values:
            return reference
        message = Message("the file has no {kind} with the Id {id}", kind=self.kind, id=repr(reference))
        self.place.fault(element, message, reference)
        return None

    def value(self, element: Element) -> Value | None:
        """Return what an element refers to; None after a fault."""
        key = self.key(element)
        return None if key is None else self.values[key]
