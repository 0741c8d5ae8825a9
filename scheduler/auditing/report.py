"""The audit of one school as a workbook: conclusion, verdicts, the timetable with marks, problem ledger, self-check forms, echo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from constraints.case import day_name
from constraints.verdict import Status, Verdict
from instances.language import Message, _, current_language, set_language
from instances.origin import Origin
from scheduler.auditing.audit import BROKEN, Audit
from scheduler.auditing.clashes import show_lesson
from scheduler.auditing.executed import Change
from scheduler.auditing.selfcheck import FORMS, fill
from scheduler.writing.atomic import replacing
from scheduler.writing.book import BODY, CENTRED, HEADER, SUBTITLE, TITLE, Book, Sheet
from scheduler.writing.compliance import MARKS
from scheduler.writing.headline import STATUS_ORDER, counts, judgements, level_name, points_text, program_version, status_name

_LINKS = 3
_A3 = 8


def write_audit(audit: Audit, path: Path, *, language: str | None = None, inputs: Sequence[Path] = (), on: str = "") -> None:
    """Write the report. ``on`` is the date to print (ISO), empty to leave it to the signature. Raises OutputError."""
    before = current_language()
    set_language(language or before)
    try:
        with replacing(path, inputs) as temporary:
            book = Book(temporary, audit.school.name)
            _conclusion(book, audit, on)
            timetable = _marked_timetable(book, audit)
            _verdicts(book, audit, timetable)
            _ledger(book, audit)
            _forms(book, audit)
            if audit.comparison is not None:
                _executed(book, audit)
            _echo(book, audit)
            book.close()
    finally:
        set_language(before)


def headline(audit: Audit) -> str:
    """Return the result in one line."""
    found = counts(audit.verdicts)
    return _("Result: ") + status_name(audit.worst) + "　(" + "，".join(f"{status_name(s)} {n}" for s, n in found.items()) + ")"


def show_cells(origins: Sequence[Origin], most: int = 6) -> str:
    """Return cells in short, the file name once: 总课表!C7、D8 …."""
    by_sheet: dict[tuple[str, str], list[str]] = defaultdict(list)
    for origin in origins[:most]:
        by_sheet[origin.file, origin.sheet].append(origin.cell)
    shown = "；".join(f"{sheet or file}!{'、'.join(cells)}" if any(cells) else sheet or file for (file, sheet), cells in by_sheet.items())
    return shown + (f" … ({len(origins)})" if len(origins) > most else "")


def _conclusion(book: Book, audit: Audit, on: str) -> None:
    sheet = book.sheet(_("Conclusion"))
    widths = (44.0, 9.0, 12.0, *[8.0] * 6, 40.0)
    sheet.widths(widths)
    sheet.text(0, 0, _("Audit of the timetable: ") + audit.school.name, TITLE)
    sheet.raw.set_row(0, 28)
    classes, teachers = len(audit.school.classes), len(audit.school.teachers)
    ruleset = audit.ruleset.label() if audit.ruleset else _("none")
    lines = [
        headline(audit),
        str(
            Message(
                "{classes} classes, {teachers} teachers, {slots} periods with lessons; rule set: {ruleset}",
                classes=classes,
                teachers=teachers,
                slots=audit.slots,
                ruleset=ruleset,
            )
        ),
    ]
    if audit.tasks:
        lines.append(
            str(Message("course plan: {met} of {tasks} class-subject tasks are met", met=audit.tasks.met, tasks=audit.tasks.tasks))
        )
    row = 1
    for line in lines:
        sheet.text(row, 0, line, {**SUBTITLE, "bold": row == 1})
        row += 1
    sheet.text(row + 1, 0, _("Not covered by these verdicts"), {**SUBTITLE, "bold": True})
    row += 2
    for message in audit.uncovered or (Message("nothing: every cell of the timetable was read"),):
        sheet.text(row, 0, "· " + str(message), SUBTITLE)
        row += 1
    row += 1
    statuses = list(STATUS_ORDER)
    heads = (_("rule"), _("level"), _("result"), *(status_name(s) for s in statuses), _("source"))
    for column, head in enumerate(heads):
        sheet.text(row, column, head, HEADER)
    row += 1
    by_rule: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in audit.verdicts:
        by_rule[verdict.rule.id].append(verdict)
    for group in by_rule.values():
        rule = group[0].rule
        found = counts(group)
        worst = next(s for s in (*BROKEN, Status.UNKNOWN, Status.PASS, Status.NOT_APPLICABLE) if s in found)
        mark, tint = MARKS[worst]
        sheet.text(row, 0, rule.label(), BODY)
        sheet.text(row, 1, level_name(rule.level), CENTRED)
        sheet.text(row, 2, mark + status_name(worst), {**CENTRED, "bg_color": tint, "bold": worst is Status.FAIL})
        for column, status in enumerate(statuses, 3):
            if found.get(status):
                sheet.number(row, column, found[status], CENTRED)
            else:
                sheet.text(row, column, "", CENTRED)
        sheet.text(row, 9, str(rule.source), BODY)
        sheet.height_for(row, [rule.label(), str(rule.source)], [widths[0], widths[9]])
        row += 1
    row += 1
    for label in (_("Inspector (signature):"), _("For the school (signature):"), _("Date:")):
        sheet.text(row, 0, label + (" " + on if on and label == _("Date:") else ""), SUBTITLE)
        row += 2
    sheet.text(row, 0, f"kebiao {program_version()}", {**SUBTITLE, "font_size": 8})


def _marked_timetable(book: Book, audit: Audit) -> dict[tuple[str, int, int], tuple[str, int, int]]:
    """Draw the timetable as it was read, cells of broken rules tinted; return where each slot stands."""
    sheet = book.sheet(_("Timetable as read"))
    sheet.raw.set_paper(_A3)
    worst: dict[tuple[str, int, int], Status] = {}
    for verdict in audit.verdicts:
        if verdict.status in (Status.FAIL, Status.WARNING):
            for slot in verdict.slots:
                if worst.get(slot) is not Status.FAIL:
                    worst[slot] = verdict.status
    columns = sorted({(x.day, x.period) for x in audit.timetable.lessons})
    sheet.widths((16.0, *[13.0] * len(columns)))
    sheet.text(0, 0, _("Timetable as read; tinted cells belong to a broken rule"), TITLE)
    sheet.text(2, 0, _("class"), HEADER)
    for column, (day, period) in enumerate(columns, 1):
        sheet.text(2, column, f"{day_name(day)}\n{period}", HEADER)
    sheet.raw.set_row(2, 30)
    found = {}
    for row, c in enumerate(audit.school.classes, 3):
        sheet.text(row, 0, c.name, CENTRED)
        by_slot = defaultdict(list)
        for lesson in audit.timetable.by_class.get(c.name, ()):
            by_slot[lesson.day, lesson.period].append(lesson)
        for column, (day, period) in enumerate(columns, 1):
            lessons = by_slot.get((day, period), [])
            text = "\n".join(dict.fromkeys(_short(show_lesson(x), c.name) for x in lessons))
            status = worst.get((c.name, day, period))
            style = {**CENTRED, "bg_color": MARKS[status][1], "bold": True} if status else CENTRED
            sheet.text(row, column, (MARKS[status][0] if status and text else "") + text, style)
            found[c.name, day, period] = (sheet.name, row, column)
        sheet.raw.set_row(row, 30)
    sheet.raw.freeze_panes(3, 1)
    sheet.raw.repeat_rows(2)
    return found


def _short(text: str, class_name: str) -> str:
    return text.replace(class_name + " ", "", 1)


def _verdicts(book: Book, audit: Audit, timetable: dict[tuple[str, int, int], tuple[str, int, int]]) -> None:
    sheet = book.sheet(_("Verdicts"))
    widths = (11.0, 8.0, 26.0, 20.0, 12.0, 16.0, 40.0, 26.0, 30.0, *[14.0] * _LINKS)
    heads = (
        _("verdict"), _("level"), _("rule"), _("where"), _("measured"), _("limit"), _("what it says"), _("source"),
        _("cells of the timetable"), *(f"{_('see')} {n + 1}" for n in range(_LINKS)),
    )  # fmt: skip
    sheet.text(0, 0, _("Verdicts, rule by rule"), TITLE)
    sheet.text(1, 0, headline(audit), SUBTITLE)
    sheet.table(2, heads, widths)
    places = {id(v): audit.places(v) for v in audit.verdicts}
    by_line = {(v.rule.id, v.status, v.point, str(v.sentence)): v for v in audit.verdicts}
    row = 3
    for line in judgements(audit.verdicts):
        mark, tint = MARKS[line.status]
        verdict = by_line.get((line.rule.id, line.status, line.points[0] if line.points else "", line.sentence))
        cells = show_cells(places[id(verdict)]) if verdict is not None else "；".join(line.origins[:3])
        texts = (line.rule.label(), points_text(line.points), line.measured, line.limit, line.sentence, str(line.rule.source), cells)
        sheet.text(row, 0, mark + status_name(line.status), {**CENTRED, "bold": line.status is Status.FAIL, "bg_color": tint})
        sheet.text(row, 1, level_name(line.rule.level), CENTRED)
        for column, text in enumerate(texts, 2):
            sheet.text(row, column, text, BODY)
        slots = [slot for slot in line.slots if slot in timetable][:_LINKS]
        for column, slot in enumerate(slots, 9):
            sheet.link(row, column, timetable[slot], f"{slot[0]} {day_name(slot[1])} {slot[2]}")
        sheet.height_for(row, texts, widths[2:])
        row += 1
    if row > 3:
        sheet.raw.autofilter(2, 0, row - 1, len(heads) - 1)
    sheet.raw.freeze_panes(3, 3)
    sheet.raw.repeat_rows(2)


def _ledger(book: Book, audit: Audit) -> None:
    """问题台账: one line for each broken rule and measure, with empty columns for the deadline, who is responsible, and closing."""
    sheet = book.sheet(_("Problem ledger"))
    widths = (6.0, 10.0, 30.0, 7.0, 36.0, 40.0, 26.0, 24.0, 12.0, 12.0, 12.0)
    heads = (
        _("no."), _("verdict"), _("rule"), _("places"), _("where"), _("problem"), _("source"), _("cells of the timetable"),
        _("deadline"), _("responsible"), _("closed on"),
    )  # fmt: skip
    sheet.text(0, 0, _("Problem ledger: deadline, responsible and closing are filled in by people"), TITLE)
    sheet.table(2, heads, widths)
    problems: dict[tuple[str, Status, str], list[Verdict]] = defaultdict(list)
    for verdict in audit.verdicts:
        if verdict.status in (Status.FAIL, Status.WARNING):
            problems[verdict.rule.id, verdict.status, verdict.measured].append(verdict)
    for number, group in enumerate(problems.values(), 1):
        row = number + 2
        first = group[0]
        mark, tint = MARKS[first.status]
        problem = str(first.sentence) + (" …" if len(group) > 1 else "")
        limit = f"{_('limit')}：{first.limit}" if first.limit else ""
        cells = [origin for verdict in group for origin in audit.places(verdict)]
        points = points_text([v.point for v in group if v.point], 12)
        texts = (points, "\n".join(part for part in (problem, limit) if part), str(first.rule.source), show_cells(cells))
        sheet.number(row, 0, number, CENTRED)
        sheet.text(row, 1, mark + status_name(first.status), {**CENTRED, "bg_color": tint})
        sheet.text(row, 2, first.rule.label(), BODY)
        sheet.number(row, 3, len(group), CENTRED)
        for column, text in enumerate(texts, 4):
            sheet.text(row, column, text, BODY)
        for column in (8, 9, 10):
            sheet.text(row, column, "", BODY)
        sheet.height_for(row, (first.rule.label(), "", *texts), widths[2:])
    if problems:
        sheet.raw.autofilter(2, 0, len(problems) + 2, len(heads) - 1)
    else:
        sheet.text(3, 0, _("no problem was found"), SUBTITLE)
    sheet.raw.freeze_panes(3, 2)
    sheet.raw.repeat_rows(2)


def _forms(book: Book, audit: Audit) -> None:
    sheet = book.sheet(_("Self-check forms"))
    widths = (6.0, 30.0, 14.0, 56.0, 56.0, 16.0, 16.0)
    sheet.widths(widths)
    sheet.text(0, 0, _("Self-check forms"), TITLE)
    sheet.text(1, 0, _("Filled in where a timetable shows it; the rest is for a person. Filled in by and date are left empty."), SUBTITLE)
    row = 3
    breaks = []
    heads = (_("no."), _("item"), _("result"), _("what was found"), _("what is left for a person"), _("filled in by"), _("date"))
    for form in FORMS:
        sheet.merged(row, 0, row, 6, f"{form.title}　（{form.source}）", {**HEADER, "align": "left"})
        row += 1
        for column, head in enumerate(heads):
            sheet.text(row, column, head, HEADER)
        row += 1
        for number, line in enumerate(fill(form, audit.verdicts), 1):
            sheet.number(row, 0, number, CENTRED)
            sheet.text(row, 1, str(line.item.title), BODY)
            if line.status is None:
                sheet.text(row, 2, _("by a person"), CENTRED)
            else:
                mark, tint = MARKS[line.status]
                sheet.text(row, 2, mark + status_name(line.status), {**CENTRED, "bg_color": tint})
            sheet.text(row, 3, line.finding, BODY)
            sheet.text(row, 4, line.reason, BODY)
            sheet.text(row, 5, "", BODY)
            sheet.text(row, 6, "", BODY)
            sheet.height_for(row, [str(line.item.title), line.finding, line.reason], [widths[1], widths[3], widths[4]])
            row += 1
        row += 1
        breaks.append(row)
    sheet.raw.set_h_pagebreaks(breaks[:-1])


_CHANGES = {
    Change.SWAPPED: Message("swapped"),
    Change.STOLEN: Message("taken (empty lesson)"),
    Change.REPLACED: Message("replaced"),
    Change.MISSING: Message("not taught"),
    Change.EXTRA: Message("extra"),
    Change.TEACHER: Message("other teacher"),
}


def _executed(book: Book, audit: Audit) -> None:
    comparison = audit.comparison
    assert comparison is not None
    sheet = book.sheet(_("Posted and executed"))
    sheet.widths((18.0, 16.0, *[11.0] * 6, 44.0, 28.0))
    sheet.text(0, 0, _("Posted and executed"), TITLE)
    sheet.text(1, 0, str(Message("{n} lessons compared, {m} differ", n=comparison.compared, m=len(comparison.changes))), SUBTITLE)
    changes = list(_CHANGES)
    row = 3

    def table(head: tuple[str, str], rows: Sequence[tuple[tuple[str, str], dict[Change, int]]]) -> None:
        nonlocal row
        for column, text in enumerate((*head, *(str(_CHANGES[c]) for c in changes))):
            sheet.text(row, column, text, HEADER)
        row += 1
        for names, found in rows:
            sheet.text(row, 0, names[0], BODY)
            sheet.text(row, 1, names[1], BODY)
            for column, change in enumerate(changes, 2):
                if found.get(change):
                    sheet.number(row, column, found[change], CENTRED)
                else:
                    sheet.text(row, column, "", CENTRED)
            row += 1
        row += 1

    weeks = [((str(Message("week {n}", n=week)) if week else _("every week"), ""), dict(c)) for week, c in comparison.by_week().items()]
    table((_("week"), ""), weeks)
    table((_("class"), _("subject")), [(names, dict(found)) for names, found in comparison.by_class_and_subject().items()])
    _list_changes(sheet, audit, row)


def _list_changes(sheet: Sheet, audit: Audit, row: int) -> None:
    assert audit.comparison is not None
    for difference in audit.comparison.changes:
        sheet.text(row, 0, difference.class_name, BODY)
        sheet.text(row, 1, f"{day_name(difference.day)} {difference.period}", BODY)
        sheet.text(row, 2, str(_CHANGES[difference.change]), CENTRED)
        sheet.merged(row, 3, row, 8, str(difference.sentence()), BODY)
        sheet.text(row, 9, show_cells([o for o in (difference.posted_at, difference.executed_at) if o.cell]), BODY)
        row += 1


def _echo(book: Book, audit: Audit) -> None:
    """读入说明: how the timetable was understood; and every cell that was not."""
    sheet = book.sheet(_("Understood as"))
    widths = (34.0, 26.0, 80.0)
    sheet.text(0, 0, _("How the timetable was understood"), TITLE)
    sheet.table(2, (_("cell"), _("text"), _("understood as")), widths)
    row = 3
    for finding in audit.unread:
        expected = f"（{finding.expected}）" if finding.expected else ""
        texts = (str(finding.origin), finding.value, _("not read: ") + str(finding.message) + expected)
        for column, text in enumerate(texts):
            sheet.text(row, column, text, {**BODY, "bg_color": MARKS[Status.WARNING][1]})
        row += 1
    for note in audit.notes:
        texts = (str(note.origin), note.value, (_("assumed: ") if note.assumed else "") + str(note.text))
        for column, text in enumerate(texts):
            sheet.text(row, column, text, BODY)
        row += 1
    sheet.raw.freeze_panes(3, 0)
    sheet.raw.repeat_rows(2)
