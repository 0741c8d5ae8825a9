"""How good an answer is, in words and numbers: the same facts for screen, workbook, HTML and JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from constraints.base import Constraint, Violation
from constraints.rule import Level, Rule
from constraints.verdict import Status, Verdict
from instances.language import Message, _
from instances.timetable import Cost
from scheduler.outcome import Outcome, Proof

# A larger gap says nothing that a person can use; the two numbers do.
WIDE_GAP = 0.2
BREACHES = (Status.FAIL, Status.WARNING, Status.NOTE)
STATUS_ORDER = (Status.FAIL, Status.WARNING, Status.NOTE, Status.UNKNOWN, Status.PASS, Status.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the headline: what it is, and its value as people read it."""

    name: str
    value: str


def program_version() -> str:
    """Return the version of kebiao that runs."""
    try:
        return version("kebiao")
    except PackageNotFoundError:
        return "0"


def proof_sentence(outcome: Outcome) -> Message:
    """Say what is known of the answer."""
    solution = outcome.solution
    cost = solution.cost
    if cost is not None and cost.required:
        return Message("Not everything that is required holds (cost {cost}); this is the best timetable found.", cost=cost.required)
    if outcome.timetable is not None and outcome.timetable.unplaced:
        return Message("The timetable is incomplete: {count} lessons are not placed.", count=sum(n for _c, n in outcome.timetable.unplaced))
    if solution.proof is Proof.OPTIMAL:
        return Message("Legal and optimal: it is proved that no timetable is better.")
    if solution.proof is Proof.WITHIN_GAP and solution.gap is not None and solution.bound and cost is not None:
        if solution.gap > WIDE_GAP:
            return Message(
                "Legal; its preferences cost {cost}, and it is proved that no timetable gets below {bound}.",
                cost=cost.preference,
                bound=solution.bound,
            )
        return Message("Legal, and within {gap} of the best possible.", gap=percent(solution.gap))
    if solution.proof is Proof.INFEASIBLE:
        return Message("Impossible: no timetable meets all that is required.")
    if solution.timetable is None and outcome.timetable is None:
        return Message("Not known yet: no timetable was found in the time given. That does not mean there is none.")
    return Message("Legal; how far it is from the best possible is not known.")


def proof_name(proof: Proof) -> str:
    """Return the status of an answer in two words."""
    names = {
        Proof.OPTIMAL: _("optimal"),
        Proof.WITHIN_GAP: _("within gap"),
        Proof.FEASIBLE: _("feasible, no bound"),
        Proof.INFEASIBLE: _("impossible"),
        Proof.UNKNOWN: _("not known yet"),
    }
    return names[proof]


def status_name(status: Status) -> str:
    """Return the verdict in a word."""
    names = {
        Status.PASS: _("passed"),
        Status.FAIL: _("failed"),
        Status.WARNING: _("warning"),
        Status.NOTE: _("note"),
        Status.UNKNOWN: _("not judged"),
        Status.NOT_APPLICABLE: _("not applicable"),
    }
    return names[status]


def level_name(level: Level) -> str:
    """Return how binding a rule is."""
    return {Level.MUST: _("must"), Level.SHOULD: _("should"), Level.ENCOURAGED: _("encouraged")}[level]


def percent(share: float) -> str:
    """Return ``1.25 %`` for 0.0125."""
    return f"{100 * share:.2f} %"


def is_deterministic(outcome: Outcome) -> bool:
    """Say whether the run promised the same file for the same input: then nothing that depends on a clock is written."""
    return outcome.options.get("deterministic", "").lower() in ("1", "true", "yes", "on")


def headline(outcome: Outcome) -> list[Fact]:
    """Return the facts about the answer: proof, costs, bound, gap, seed, cores, seconds, version."""
    solution = outcome.solution
    nothing = "-"
    facts = [
        Fact(_("result"), str(proof_sentence(outcome))),
        Fact(_("status"), proof_name(solution.proof) + (_(" (stopped early)") if solution.interrupted else "")),
        Fact(_("cost of requirements broken"), nothing if solution.cost is None else str(solution.cost.required)),
        Fact(_("cost of preferences"), nothing if solution.cost is None else str(solution.cost.preference)),
        Fact(_("lower bound of that cost"), nothing if solution.bound is None else str(solution.bound)),
        Fact(_("gap"), nothing if solution.gap is None else percent(solution.gap)),
    ]
    if not is_deterministic(outcome):
        facts.append(Fact(_("seconds"), f"{solution.seconds:.1f}"))
        if solution.first_legal_seconds is not None:
            facts.append(Fact(_("seconds to the first legal timetable"), f"{solution.first_legal_seconds:.1f}"))
    return [
        *facts,
        Fact(_("seed"), str(solution.seed)),
        Fact(_("cores"), str(solution.workers)),
        Fact(_("version"), f"kebiao {program_version()}"),
        *(Fact(_option_name(name), _option_value(value)) for name, value in sorted(outcome.options.items()) if name not in _SAID),
    ]


_SAID = ("seed", "version", "workers")  # options that are facts of the solution, too


def _option_name(name: str) -> str:
    names = {"time": _("time limit in seconds"), "rules": _("rule sets"), "deterministic": _("reproducible")}
    return names.get(name, name)


def _option_value(value: str) -> str:
    return {"True": _("yes"), "False": _("no")}.get(value, value)


@dataclass(frozen=True, slots=True)
class Tally:
    """A requirement or preference and all it costs: ``deviation`` is summed over ``violations``, ``weights`` are those in use."""

    label: str
    required: bool
    weights: tuple[int, ...]
    violations: tuple[Violation, ...]
    origins: tuple[str, ...] = ()

    @property
    def deviation(self) -> int:
        """Deviation of all violations together."""
        return sum(v.deviation for v in self.violations)

    @property
    def cost(self) -> Cost:
        """Cost of all violations together."""
        return sum((v.cost for v in self.violations), Cost())

    @property
    def weight(self) -> str:
        """The weight, or the range of weights."""
        low, high = min(self.weights), max(self.weights)
        return str(low) if low == high else f"{low}-{high}"


def tallies(outcome: Outcome) -> list[Tally]:
    """Return what every constraint costs, those of one name together: broken requirements, costly preferences, then the rest."""
    members: dict[tuple[str, bool], list[Constraint]] = {}
    for constraint in [*outcome.problem.constraints, *(v.constraint for v in outcome.violations)]:
        members.setdefault((constraint.label(), constraint.required), []).append(constraint)
    found: dict[tuple[str, bool], list[Violation]] = {}
    for violation in outcome.violations:
        found.setdefault((violation.constraint.label(), violation.constraint.required), []).append(violation)
    result = [
        Tally(
            label,
            required,
            tuple(sorted({c.weight for c in constraints})),
            tuple(sorted(found.get((label, required), ()), key=lambda v: (-v.cost.required, -v.cost.preference))),
            tuple(dict.fromkeys(str(c.origin) for c in constraints if str(c.origin))),
        )
        for (label, required), constraints in members.items()
    ]
    return sorted(result, key=lambda t: (-t.cost.required, -t.cost.preference, not t.required))


@dataclass(frozen=True, slots=True)
class Judgement:
    """A line of the compliance report: one breach, or all points at which a rule is met in the same way."""

    rule: Rule
    status: Status
    points: tuple[str, ...]
    sentence: str
    measured: str
    limit: str
    origins: tuple[str, ...]
    slots: tuple[tuple[str, int, int], ...]


def judgements(verdicts: Sequence[Verdict], *, brief: bool = False) -> list[Judgement]:
    """Return the lines of the compliance report, breaches first, each on its own; what is met alike is folded into one line.

    ``brief`` also folds what is broken alike.
    """
    lines: dict[object, list[Verdict]] = {}
    for number, verdict in enumerate(verdicts):
        folded = brief or verdict.status in (Status.PASS, Status.NOT_APPLICABLE)
        key = (verdict.rule.id, verdict.status, verdict.measured, verdict.limit) if folded else number
        lines.setdefault(key, []).append(verdict)
    result = [
        Judgement(
            group[0].rule,
            group[0].status,
            tuple(dict.fromkeys(v.point for v in group if v.point)),
            str(group[0].sentence) if len(group) == 1 else "",
            group[0].measured,
            group[0].limit,
            tuple(dict.fromkeys(str(o) for v in group for o in v.origins if str(o))) if len(group) == 1 else (),
            tuple(dict.fromkeys(s for v in group for s in v.slots)) if len(group) == 1 else (),
        )
        for group in lines.values()
    ]
    return sorted(result, key=lambda line: STATUS_ORDER.index(line.status))


def counts(verdicts: Sequence[Verdict]) -> dict[Status, int]:
    """Return how many verdicts of each status there are, in the order of the report; statuses that do not occur are left out."""
    found = Counter(v.status for v in verdicts)
    return {status: found[status] for status in STATUS_ORDER if found[status]}


def points_text(points: Sequence[str], most: int = 6) -> str:
    """Return the places a line is about, shortened to ``most`` names."""
    if len(points) <= most:
        return _(", ").join(points)
    return str(Message("{names} and {count} more", names=_(", ").join(points[:most]), count=len(points) - most))
