"""Turns a rule file into a rule set: inheritance, templates, terms, sources; every fault is gathered with its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from constraints.kinds import KIND_OF
from constraints.records.items import ITEMS
from constraints.rule import Level, Rule, RuleSet, Source
from constraints.rule_texts import filled, in_words, own_id
from constraints.rulefile import Fault, RuleFile, RuleSetError, read_rule_file
from instances.language import Message
from instances.origin import Origin
from instances.school import Stage

FOLDER = Path(__file__).parent / "rulesets"
_SET_KEYS = {
    "id",
    "title",
    "note",
    "place",
    "valid_from",
    "aliases",
    "stage",
    "extends",
    "adopts",
    "drop",
    "terms",
    "source",
    "sources",
    "rules",
}
_RULE_KEYS = {
    "id",
    "kind",
    "use",
    "level",
    "source",
    "at",
    "grades",
    "stage",
    "title",
    "note",
    "valid_from",
    "rows",
    "set_aside_for",
    "local",
}
_BOUNDS = {"exactly", "at_least", "more_than", "at_most"}
_GRADES = {Stage.PRIMARY: (1, 2, 3, 4, 5, 6), Stage.JUNIOR: (7, 8, 9), Stage.SENIOR: (10, 11, 12)}


@cache
def _template_file() -> Mapping[str, Any]:
    return read_rule_file(FOLDER / "_templates.toml").data


@cache
def templates() -> dict[str, dict[str, Any]]:
    """Return what ``use`` may name: the rules of ``_templates.toml``, and a rule for every yes-or-no item of the records."""
    found = {
        item.id: {
            "id": item.id,
            "kind": "stated_fact",
            "item": item.id,
            "level": "must",
            "title": {"zh": item.title["zh"], "en": item.title["en"].capitalize()},
        }
        for item in ITEMS
        if item.yes_no
    }
    return found | {rule["id"]: rule for rule in _template_file()["rules"]}


class RuleSetReader:
    """Turns a rule file into a rule set, gathering faults on the way."""

    def __init__(self, source: RuleFile, parent: Callable[[str], RuleSet]) -> None:
        self.source = source
        self.parent = parent
        self.faults: list[Fault] = []
        self.terms: dict[str, tuple[str, ...]] = {name: tuple(words) for name, words in _template_file()["terms"].items()}
        self.sources: dict[str, Source] = {}

    def fault(self, message: Message, *path: str | int) -> None:
        self.faults.append(self.source.fault(message, *path))

    def read(self) -> RuleSet:
        data = self.source.data
        for key in data.keys() - _SET_KEYS:
            self.fault(Message("unknown key “{key}”, expected one of: {known}", key=key, known=", ".join(sorted(_SET_KEYS))), key)
        rules: dict[str, Rule] = {}
        self._read_terms(data.get("terms", {}))
        extends = self._texts(data.get("extends", []), "extends")
        for parent in extends:
            base = self._parent(parent)
            if base is not None:
                self.terms = {**base.terms, **self.terms}
                rules.update({rule.id: rule for rule in base.rules})
        for key in self._texts(data.get("drop", []), "drop"):
            if rules.pop(key, None) is None:
                self.fault(Message("there is no inherited rule “{id}” to drop", id=key), "drop")
        if "source" in data:
            self.sources[""] = self._source(data["source"], "source")
            if data.get("adopts") is True:
                rules = {id: replace(rule, source=self.sources[""]) for id, rule in rules.items()}
        for name, table in self._table(data.get("sources", {}), "sources").items():
            self.sources[name] = self._source(table, "sources", name)
        given = data.get("rules", [])
        if not isinstance(given, list):
            self.fault(Message("“{key}” must be a list of tables", key="rules"), "rules")
        own: set[str] = set()
        for index, table in enumerate(given if isinstance(given, list) else []):
            rule = self._rule(table, index, rules)
            if rule is not None:
                if rule.id in own:
                    self.fault(Message("the rule “{id}” stands here twice", id=rule.id), "rules", index, "id")
                own.add(rule.id)
                rules[rule.id] = rule
        for index, rule in enumerate(rules.values()):
            if rule.set_aside_for and rule.set_aside_for not in rules:
                self.fault(Message("there is no rule “{id}”", id=rule.set_aside_for), "rules", index, "set_aside_for")
        id = data.get("id")
        if not isinstance(id, str) or not id:
            self.fault(Message("“{key}” is missing", key="id"), "id")
        if not rules and not self.faults:
            self.fault(Message("has no rules"))
        title = self._words(data.get("title"), "title")
        if self.faults:
            raise RuleSetError(sorted(set(self.faults), key=lambda f: f.line))
        return RuleSet(
            id=str(id),
            title=title,
            rules=tuple(rules.values()),
            aliases=self._texts(data.get("aliases", []), "aliases"),
            extends=extends,
            place=str(data.get("place", "")),
            valid_from=str(data.get("valid_from", "")),
            note=self._words(data.get("note"), "note", needed=False),
            terms=dict(self.terms),
            file=self.source.file,
        )

    def _parent(self, name: str) -> RuleSet | None:
        try:
            return self.parent(name)
        except RuleSetError as error:
            self.faults.extend(error.faults)
            self.fault(Message("extends “{name}”, which cannot be used", name=name), "extends")
            return None

    def _read_terms(self, terms: Any) -> None:
        for name, value in self._table(terms, "terms").items():
            if isinstance(value, list) and all(isinstance(v, str) for v in value):
                self.terms[name] = tuple(value)
            else:
                self.fault(Message("“{key}” must be a list of texts", key=name), "terms", name)

    def _source(self, table: Any, *path: str | int) -> Source:
        table = self._table(table, *path)
        known = {"document", "number", "date", "place", "checked"}
        for key in table.keys() - known:
            self.fault(Message("unknown key “{key}”, expected one of: {known}", key=key, known=", ".join(sorted(known))), *path, key)
        if not table.get("document"):
            self.fault(Message("“{key}” is missing", key="document"), *path)
        if table.get("checked", "copy") not in ("original", "copy"):
            self.fault(Message("“{key}” must be one of: {known}", key="checked", known="original, copy"), *path, "checked")
        return Source(**{key: str(value) for key, value in table.items() if key in known} | {"document": str(table.get("document", ""))})

    def _rule(self, table: Any, index: int, inherited: Mapping[str, Rule]) -> Rule | None:
        at = ("rules", index)
        before = len(self.faults)
        if not isinstance(table, dict):
            self.fault(Message("“{key}” must be a list of tables", key="rules"), *at)
            return None
        if "use" in table:
            template = templates().get(str(table["use"]))
            if template is None:
                self.fault(Message("there is no template “{id}”", id=table["use"]), *at, "use")
                return None
            bounds = _BOUNDS if table.keys() & _BOUNDS else set()
            table = {**{k: v for k, v in template.items() if k not in bounds}, "id": own_id(table), **table}
        base = inherited.get(str(table.get("id", "")))
        if base is not None and "kind" not in table:
            return self._overridden(base, table, at)
        for key in ("id", "kind", "level", "title"):
            if key not in table:
                self.fault(Message("“{key}” is missing", key=key), *at)
        if str(table.get("kind")) not in KIND_OF and "kind" in table:
            message = Message("unknown kind “{kind}”, expected one of: {known}", kind=table["kind"], known=", ".join(KIND_OF))
            self.fault(message, *at, "kind")
        if len(self.faults) > before:
            return None
        params = {key: self._meaning(value, *at, key) for key, value in table.items() if key not in _RULE_KEYS}
        rule = Rule(
            id=str(table["id"]),
            kind=str(table["kind"]),
            level=self._level(table["level"], *at, "level"),
            source=self._cited(table, at),
            title=filled(self._words(table["title"], *at, "title"), params, self._grades(table, at)),
            grades=self._grades(table, at),
            params=params,
            valid_from=str(table.get("valid_from", self.source.data.get("valid_from", ""))),
            note=self._words(table.get("note"), *at, "note", needed=False),
            origin=self._origin(at),
            rows=self._texts(table.get("rows", []), *at, "rows"),
            set_aside_for=str(table.get("set_aside_for", "")),
            local=table.get("local") is True,
        )
        self._check(rule, at)
        return rule if len(self.faults) == before else None

    def _overridden(self, base: Rule, table: Mapping[str, Any], at: tuple[str | int, ...]) -> Rule:
        changed = {key: self._meaning(value, *at, key) for key, value in table.items() if key not in _RULE_KEYS}
        kept = {k: v for k, v in base.params.items() if not (changed.keys() & _BOUNDS and k in _BOUNDS)}
        rule = replace(base, params={**kept, **changed}, origin=self._origin(at))
        if "level" in table:
            rule = replace(rule, level=self._level(table["level"], *at, "level"))
        if "source" in table or "at" in table or "" in self.sources:
            rule = replace(rule, source=self._cited(table, at))
        if "grades" in table or "stage" in table:
            rule = replace(rule, grades=self._grades(table, at))
        if "title" in table:
            rule = replace(rule, title=filled(self._words(table["title"], *at, "title"), rule.params, rule.grades))
        if "valid_from" in table:
            rule = replace(rule, valid_from=str(table["valid_from"]))
        if "set_aside_for" in table:
            rule = replace(rule, set_aside_for=str(table["set_aside_for"]))
        if "local" in table:
            rule = replace(rule, local=table["local"] is True)
        if "rows" in table:
            rule = replace(rule, rows=self._texts(table["rows"], *at, "rows"))
        if "note" in table:
            rule = replace(rule, note=self._words(table["note"], *at, "note"))
        self._check(rule, at)
        return rule

    def _check(self, rule: Rule, at: tuple[str | int, ...]) -> None:
        """Have the kind read the parameters, and put what it finds into words."""
        try:
            KIND_OF[rule.kind].ruling(rule)
        except ValidationError as error:
            for problem in error.errors():
                path = problem["loc"][:1]
                self.fault(in_words(problem, KIND_OF[rule.kind].parameters.model_fields.keys()), *at, *path)

    def _origin(self, at: tuple[str | int, ...]) -> Origin:
        return Origin(self.source.file, cell=str(self.source.line(*at)))

    def _cited(self, table: Mapping[str, Any], at: tuple[str | int, ...]) -> Source:
        name = table.get("source", "")
        if isinstance(name, dict):
            return self._source(name, *at, "source")
        if not isinstance(name, str) or name not in self.sources:
            message = Message("there is no source “{name}”", name=name) if name else Message("“{key}” is missing", key="source")
            self.fault(message, *at, "source")
            return Source("")
        source = self.sources[name]
        return replace(source, place=str(table["at"])) if "at" in table else source

    def _level(self, value: Any, *path: str | int) -> Level:
        if value not in list(Level):
            self.fault(Message("“{key}” must be one of: {known}", key="level", known=", ".join(Level)), *path)
            return Level.MUST
        return Level(value)

    def _grades(self, table: Mapping[str, Any], at: tuple[str | int, ...]) -> tuple[int, ...]:
        if "stage" not in table and "grades" not in table and "stage" in self.source.data:
            table, at = self.source.data, ()
        if "stage" in table:
            stages = table["stage"] if isinstance(table["stage"], list) else [table["stage"]]
            if not all(stage in list(Stage) for stage in stages):
                self.fault(Message("“{key}” must be one of: {known}", key="stage", known=", ".join(Stage)), *at, "stage")
                return ()
            return tuple(grade for stage in stages for grade in _GRADES[stage])
        grades = table.get("grades", [])
        if not isinstance(grades, list) or not all(type(g) is int and 1 <= g <= 12 for g in grades):
            self.fault(Message("“{key}” must be a list of grades, 1 to 12", key="grades"), *at, "grades")
            return ()
        return tuple(grades)

    def _meaning(self, value: Any, *path: str | int) -> Any:
        """Replace ``@term`` by what the rule set says the term means."""
        if isinstance(value, str) and value.startswith("@"):
            if value[1:] not in self.terms:
                self.fault(Message("there is no term “{name}”", name=value[1:]), *path)
                return []
            return list(self.terms[value[1:]])
        return value

    def _table(self, value: Any, *path: str | int) -> Mapping[str, Any]:
        if isinstance(value, dict):
            return value
        self.fault(Message("“{key}” must be a table", key=path[-1]), *path)
        return {}

    def _texts(self, value: Any, *path: str | int) -> tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(v, str) for v in value):
            return tuple(value)
        self.fault(Message("“{key}” must be a list of texts", key=path[-1]), *path)
        return ()

    def _words(self, value: Any, *path: str | int, needed: bool = True) -> dict[str, str]:
        if value is None and not needed:
            return {}
        if isinstance(value, str) and value:
            return {"zh": value, "en": value}
        if isinstance(value, dict) and value.get("zh") and all(isinstance(v, str) for v in value.values()):
            return dict(value)
        self.fault(Message("“{key}” must be a text, or a table with the texts zh and en", key=path[-1]), *path)
        return {}
