"""Rule sets: regulations as data. ``load_ruleset`` reads one with all that it extends and checks every rule against its kind."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from constraints.rule import RuleSet
from constraints.rulefile import Fault, RuleSetError, read_rule_file
from constraints.ruleset_reader import FOLDER, RuleSetReader, templates
from instances.language import Message

__all__ = ["FOLDER", "RuleSet", "available_rulesets", "load_ruleset", "templates"]


def available_rulesets() -> tuple[str, ...]:
    """Return the ids of the rule sets that ship, ``national`` first."""
    names = {path.stem for path in FOLDER.glob("*.toml") if not path.stem.startswith("_")}
    return tuple(sorted(names | {"strictest"}, key=lambda name: (name != "national", name)))


@cache
def _aliases() -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        if not path.stem.startswith("_"):
            for alias in read_rule_file(path).data.get("aliases", ()):
                found[str(alias).lower()] = path.stem
    return found


def load_ruleset(name: str | Path) -> RuleSet:
    """Return a rule set by id, alias (a report code such as ``000/14``) or path of a file; raises RuleSetError with all faults."""
    if str(name) == "strictest":
        from constraints.strictest import strictest

        return strictest()
    return _load(str(name), ())


@cache
def _load(name: str, parents: tuple[str, ...]) -> RuleSet:
    path = _find(name)
    if str(path) in parents:
        raise RuleSetError([Fault(path.name, 0, Message("extends itself"))])
    source = read_rule_file(path)
    above = (*parents, str(path))

    def parent(other: str) -> RuleSet:
        beside = path.parent / f"{other}.toml"
        return _load(str(beside) if beside.is_file() and path.parent != FOLDER else other, above)

    return RuleSetReader(source, parent).read()


def _find(name: str) -> Path:
    shipped = FOLDER / f"{name}.toml"
    if shipped.is_file() and not name.startswith("_") and "/" not in name:
        return shipped
    alias = _aliases().get(name.lower())
    if alias is not None:
        return FOLDER / f"{alias}.toml"
    if name.endswith(".toml"):
        return Path(name)
    known = ", ".join(available_rulesets())
    raise RuleSetError([Fault(name, 0, Message("no such rule set; there are: {known}", known=known))])
