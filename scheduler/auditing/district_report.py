"""The summary of a district: a workbook (schools and rules, worst first, links to each school's report) and a dashboard."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from constraints.verdict import Status
from instances.language import Message, _
from scheduler.auditing.district import SchoolResult, State, Store
from scheduler.writing.atomic import replacing, write_text
from scheduler.writing.book import BODY, CENTRED, HEADER, LINK, SUBTITLE, TITLE, Book, Sheet
from scheduler.writing.compliance import MARKS
from scheduler.writing.headline import STATUS_ORDER, status_name

_ORDER = {status.value: n for n, status in enumerate((Status.FAIL, Status.WARNING, Status.UNKNOWN, Status.NOTE, Status.PASS))}


@dataclass(frozen=True)
class RuleLine:
    """A rule over all schools: how many schools break it, and how many judgements are broken in all."""

    id: str
    title: str
    level: str
    source: str
    schools: int
    broken: int
    unknown: int


def worst_first(results: Sequence[SchoolResult]) -> list[SchoolResult]:
    """Return the schools, those with most breaches first; unreadable ones lead, for nothing is known of them."""
    return sorted(
        results,
        key=lambda r: (r.state is State.DONE, -r.counts.get("fail", 0), -r.counts.get("warning", 0), _ORDER.get(r.worst, 9), r.school),
    )


def rule_lines(results: Sequence[SchoolResult]) -> list[RuleLine]:
    """Return the rules, most often broken first."""
    known: dict[str, tuple[str, str, str]] = {}
    schools: Counter[str] = Counter()
    broken: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    for result in results:
        for id, rule in result.rules.items():
            known.setdefault(id, (rule.title, rule.level, rule.source))
            n = rule.counts.get("fail", 0) + rule.counts.get("warning", 0)
            schools[id] += bool(n)
            broken[id] += n
            unknown[id] += bool(rule.counts.get("not judged", 0))
    lines = [RuleLine(id, *known[id], schools[id], broken[id], unknown[id]) for id in known]
    return sorted(lines, key=lambda line: (-line.schools, -line.broken, line.id))


def status_of(result: SchoolResult) -> str:
    """Return the verdict on a school, or why there is none, in a word."""
    if result.state is State.DONE:
        return status_name(Status(result.worst))
    return _("unreadable") if result.state is State.UNREADABLE else _("failed to run")


def write_summary(results: Sequence[SchoolResult], path: Path, store: Store) -> None:
    """Write the summary workbook. Raises OutputError."""
    with replacing(path) as temporary:
        book = Book(temporary, _("District summary"))
        ordered, rules = worst_first(results), rule_lines(results)
        _schools(book, ordered, rules, path, store)
        _rules(book, rules, len(results))
        _not_done(book, ordered)
        book.close()


def _schools(book: Book, results: Sequence[SchoolResult], rules: Sequence[RuleLine], path: Path, store: Store) -> None:
    sheet = book.sheet(_("Schools"))
    shown = [rule for rule in rules if rule.schools or rule.unknown]
    heads = [
        _("school"), _("result"), *(status_name(s) for s in STATUS_ORDER),
        _("number of classes"), _("number of teachers"), _("number of lessons"), _("cells not read"), _("report"), _("remarks"),
    ]  # fmt: skip
    first = len(heads)
    sheet.widths((28.0, 12.0, *[8.0] * len(STATUS_ORDER), 8.0, 8.0, 8.0, 9.0, 12.0, 26.0, *[9.0] * len(shown)))
    sheet.text(0, 0, _("Schools of the district, worst first"), TITLE)
    done = sum(r.state is State.DONE for r in results)
    sheet.text(1, 0, str(Message("{done} of {total} schools judged", done=done, total=len(results))), SUBTITLE)
    for column, head in enumerate((*heads, *(rule.title for rule in shown))):
        sheet.text(2, column, head, HEADER)
    sheet.raw.set_row(2, 90)
    for row, result in enumerate(results, 3):
        sheet.text(row, 0, result.school, BODY)
        status = Status(result.worst) if result.state is State.DONE else Status.UNKNOWN
        mark, tint = MARKS[status]
        sheet.text(row, 1, mark + status_of(result), {**CENTRED, "bg_color": tint, "bold": status is Status.FAIL})
        numbers = [result.counts.get(s.value, 0) for s in STATUS_ORDER]
        for column, number in enumerate((*numbers, result.classes, result.teachers, result.slots, result.unread), 2):
            sheet.number(row, column, number, CENTRED)
        if result.report:
            _link(sheet, row, first - 2, store.folder / result.report, path)
        else:
            sheet.text(row, first - 2, "", BODY)
        sheet.text(row, first - 1, result.headline, BODY)
        for column, rule in enumerate(shown, first):
            counts = result.rules[rule.id].counts if rule.id in result.rules else {}
            worst = next((s for s in (Status.FAIL, Status.WARNING, Status.UNKNOWN, Status.NOTE, Status.PASS) if counts.get(s.value)), None)
            if worst is None:
                sheet.text(row, column, "", CENTRED)
            elif worst in (Status.FAIL, Status.WARNING):
                style = {**CENTRED, "bg_color": MARKS[worst][1]}
                sheet.number(row, column, counts.get("fail", 0) + counts.get("warning", 0), style)
            else:
                sheet.text(row, column, MARKS[worst][0].strip(), CENTRED)
    sheet.raw.autofilter(2, 0, 2 + len(results), first + len(shown) - 1)
    sheet.raw.freeze_panes(3, 2)
    sheet.raw.repeat_rows(2)


def _link(sheet: Sheet, row: int, column: int, target: Path, path: Path) -> None:
    relative = os.path.relpath(target, path.parent).replace(os.sep, "/")
    sheet.raw.write_url(row, column, f"external:{relative}", sheet.book.style(LINK), _("open"))


def _rules(book: Book, rules: Sequence[RuleLine], schools: int) -> None:
    sheet = book.sheet(_("Rules"))
    widths = (50.0, 9.0, 12.0, 10.0, 12.0, 14.0, 60.0)
    sheet.text(0, 0, _("Rules, most often broken first"), TITLE)
    heads = (_("rule"), _("level"), _("schools that break it"), _("share"), _("breaches"), _("schools not judged"), _("source"))
    sheet.table(2, heads, widths)
    for row, rule in enumerate(rules, 3):
        sheet.text(row, 0, rule.title, BODY)
        sheet.text(row, 1, rule.level, CENTRED)
        sheet.number(row, 2, rule.schools, CENTRED)
        sheet.number(row, 3, rule.schools / max(1, schools), {**CENTRED, "num_format": "0%"})
        sheet.number(row, 4, rule.broken, CENTRED)
        sheet.number(row, 5, rule.unknown, CENTRED)
        sheet.text(row, 6, rule.source, BODY)
        sheet.height_for(row, [rule.title, rule.source], [widths[0], widths[6]])
    if rules:
        chart = book.workbook.add_chart({"type": "bar"})
        last = min(len(rules), 15) + 2
        chart.add_series(
            {"categories": [sheet.name, 3, 0, last, 0], "values": [sheet.name, 3, 2, last, 2], "name": _("schools that break it")}
        )
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True})
        chart.set_size({"width": 760, "height": 420})
        sheet.raw.insert_chart(3, 8, chart)
    sheet.raw.freeze_panes(3, 1)


def _not_done(book: Book, results: Sequence[SchoolResult]) -> None:
    sheet = book.sheet(_("Not judged"))
    sheet.text(0, 0, _("Schools that could not be judged, and what is not covered"), TITLE)
    sheet.table(2, (_("school"), _("result"), _("reason")), (30.0, 14.0, 110.0))
    row = 3
    for result in results:
        for reason in result.reasons:
            sheet.text(row, 0, result.school, BODY)
            sheet.text(row, 1, status_of(result), CENTRED)
            sheet.text(row, 2, reason, BODY)
            row += 1


def write_dashboard(results: Sequence[SchoolResult], path: Path, store: Store) -> None:
    """Write the dashboard: one web page without anything from outside, all text escaped. Raises OutputError."""
    from jinja2 import Environment, PackageLoader

    environment = Environment(loader=PackageLoader("scheduler.auditing"), autoescape=True)
    ordered, rules = worst_first(results), rule_lines(results)
    groups = Counter(status_of(r) for r in ordered)
    most = max((rule.schools for rule in rules), default=0) or 1
    text = environment.get_template("district.html").render(
        _=_,
        results=[(r, status_of(r), _href(store.folder / r.report, path) if r.report else "") for r in ordered],
        rules=[(rule, round(100 * rule.schools / most)) for rule in rules if rule.schools][:20],
        groups=[(name, n, round(100 * n / max(1, len(ordered)))) for name, n in groups.most_common()],
        statuses=[(s.value, status_name(s)) for s in STATUS_ORDER],
        total=len(ordered),
    )
    write_text(path, text)


def _href(target: Path, path: Path) -> str:
    from urllib.parse import quote

    return quote(os.path.relpath(target, path.parent).replace(os.sep, "/"))
