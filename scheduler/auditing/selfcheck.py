"""Self-check forms (自查表): the item lists that inspectors send out, with what the audit has measured filled in.

Each form is a list of items; an item names topics. What rules of a topic say is measured and filled in; an item without any such rule,
or whose rules cannot be judged from a timetable, is left for a person, with the reason. No name of a person is ever filled in.
The item lists are those that schools name in their reports: eight items (陕西), six (湖北; a junior school), five (北京,
五项管理, a county), four (a junior school), and the five headings of the 义务教育学校规范办学行为专项督查自查表.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from constraints.kind import Family
from constraints.kinds import KIND_OF
from constraints.rule import Rule
from constraints.verdict import Status, Verdict
from instances.language import Message
from scheduler.auditing.own_rules import OWN_RULES


class Topic(StrEnum):
    """What an item of a form is about."""

    PLAN = "plan"
    TIME = "time"
    EXERCISE = "exercise"
    HOMEWORK = "homework"
    EXAMS = "exams"
    MAKE_UP = "make-up"
    ENROLMENT = "enrolment"
    MATERIALS = "materials"
    RESULTS = "results"
    TEACHING = "teaching"
    SLEEP = "sleep"
    PHONES = "phones"
    READING = "reading"
    FEES = "fees"


_T = Topic
_OF_KIND = {
    Family.PLAN: (_T.PLAN,),
    Family.PLACING: (_T.EXERCISE,),
    Family.BELL: (_T.TIME,),
}
_ALSO_EXERCISE = ("breaks", "sections_per_day")  # long breaks and breaks are exercise as well as time
_OF_ITEM = (
    (r"homework", (_T.HOMEWORK,)),
    (r"exam|unit_tests|contests", (_T.EXAMS,)),
    (r"ranking|results|marks|indices", (_T.RESULTS,)),
    (r"sleep|bedtime", (_T.SLEEP,)),
    (r"makeup|paid_lessons|saturday|no_early_arrival|individual_help", (_T.MAKE_UP,)),
    (r"ability|key_class|sorting|seats|drawn_by_lot", (_T.ENROLMENT,)),
    (r"aids|textbooks|schoolbag", (_T.MATERIALS,)),
    (r"phone", (_T.PHONES,)),
    (r"reading", (_T.READING,)),
    (r"fee", (_T.FEES,)),
    (r"free_breaks|indoor|outside|club|able_school", (_T.EXERCISE,)),
    (r"bells|late_start|after_school|dismissal|campus|evening|overrunning|early_pupils|work_ends|three_schedules", (_T.TIME,)),
    (
        r"encroachment|plan|posted|filed|online|executed|swaps|handed_over|pulling|end|zero_start|taught|lesson|punctual|art_",
        (_T.PLAN, _T.TEACHING),
    ),
)
"""What the items of the records are about, by their ids; the first that fits counts."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a form."""

    title: Message
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its title, where its list comes from, its items."""

    title: Message
    source: Message
    items: tuple[Item, ...]


def _item(title: Message, *topics: Topic) -> Item:
    return Item(title, topics)


FORMS: tuple[Form, ...] = (
    Form(
        Message("Self-check form on regular school running (compulsory education)"),
        Message("five headings, as schools of several provinces fill them in"),
        (
            _item(Message("Enrolment and forming of classes"), _T.ENROLMENT),
            _item(Message("Subjects and number of exams"), _T.EXAMS),
            _item(Message("Daily schedule and homework"), _T.TIME, _T.HOMEWORK, _T.SLEEP),
            _item(Message("Teaching and the national curriculum plan"), _T.PLAN, _T.TEACHING),
            _item(Message("Evaluation"), _T.RESULTS),
        ),
    ),
    Form(
        Message("Eight items of inspection"),
        Message("a province's inspection of burden reduction (Shaanxi)"),
        (
            _item(Message("Course management"), _T.PLAN, _T.TEACHING),
            _item(Message("Study time at school"), _T.TIME),
            _item(Message("Amount of homework"), _T.HOMEWORK),
            _item(Message("Make-up lessons against the rules"), _T.MAKE_UP),
            _item(Message("Management of exams"), _T.EXAMS),
            _item(Message("Time for rest and exercise"), _T.EXERCISE, _T.SLEEP),
            _item(Message("Enrolment"), _T.ENROLMENT),
            _item(Message("Textbooks and teaching aids"), _T.MATERIALS),
        ),
    ),
    Form(
        Message("Six items: the six “stricts”"),
        Message("a provincial department's list (Hubei)"),
        (
            _item(Message("Course plan"), _T.PLAN, _T.TEACHING),
            _item(Message("Amount of homework"), _T.HOMEWORK),
            _item(Message("No make-up lessons"), _T.MAKE_UP),
            _item(Message("Management of exams"), _T.EXAMS),
            _item(Message("Rest and exercise"), _T.EXERCISE, _T.SLEEP),
            _item(Message("Enrolment"), _T.ENROLMENT),
        ),
    ),
    Form(
        Message("Six items of a junior school"),
        Message("a school's own list"),
        (
            _item(Message("Lesson-hour plan"), _T.PLAN),
            _item(Message("Ordering of textbooks and teaching aids"), _T.MATERIALS),
            _item(Message("Amount of homework"), _T.HOMEWORK),
            _item(Message("Marks and results"), _T.RESULTS),
            _item(Message("Classes run by teachers outside school"), _T.MAKE_UP),
            _item(Message("Fees"), _T.FEES),
        ),
    ),
    Form(
        Message("Five indicators of supervision"),
        Message("a city's supervision rules (Beijing)"),
        (
            _item(Message("Course plan strictly executed"), _T.PLAN),
            _item(Message("Pupils' time in order"), _T.TIME, _T.SLEEP),
            _item(Message("Teaching management up to standard"), _T.TEACHING),
            _item(Message("Exams reasonable"), _T.EXAMS),
            _item(Message("Activities outside lessons up to standard"), _T.EXERCISE),
        ),
    ),
    Form(
        Message("Five managements"),
        Message("the first task of responsible inspectors"),
        (
            _item(Message("Homework"), _T.HOMEWORK),
            _item(Message("Sleep"), _T.SLEEP),
            _item(Message("Mobile phones"), _T.PHONES),
            _item(Message("Reading matter"), _T.READING),
            _item(Message("Physique"), _T.EXERCISE),
        ),
    ),
    Form(
        Message("Five norms"),
        Message("a county's list"),
        (
            _item(Message("Enrolment and pupils' records"), _T.ENROLMENT),
            _item(Message("Teaching"), _T.PLAN, _T.TEACHING),
            _item(Message("Bell schedule"), _T.TIME),
            _item(Message("Homework and teaching aids"), _T.HOMEWORK, _T.MATERIALS),
            _item(Message("Exams and evaluation"), _T.EXAMS, _T.RESULTS),
        ),
    ),
    Form(
        Message("Four items: the four “stricts”"),
        Message("a junior school's list"),
        (
            _item(Message("Course plan"), _T.PLAN, _T.TEACHING),
            _item(Message("Make-up lessons"), _T.MAKE_UP),
            _item(Message("Management of exams"), _T.EXAMS),
            _item(Message("Rest and exercise"), _T.EXERCISE, _T.SLEEP),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Filled:
    """A line of a filled form. ``status`` None: a person fills it in; ``reason`` says why, or what was not judged."""

    item: Item
    status: Status | None
    finding: str
    reason: str


def topics_of(rule: Rule) -> tuple[Topic, ...]:
    """Return what a rule is about; PE lessons are exercise as well as plan, evening study and service are time."""
    if rule in OWN_RULES:
        return (Topic.PLAN, Topic.TEACHING)
    item = rule.params.get("item")
    if isinstance(item, str):
        return next((topics for pattern, topics in _OF_ITEM if re.search(pattern, item)), (Topic.TEACHING,))
    kind = KIND_OF.get(rule.kind)
    topics = _OF_KIND.get(kind.family, ()) if kind else ()
    if rule.kind in _ALSO_EXERCISE or "体育" in (rule.params.get("subjects") or ()):
        topics = (*topics, Topic.EXERCISE)
    return topics


def fill(form: Form, verdicts: Iterable[Verdict]) -> list[Filled]:
    """Fill in a form from the verdicts of an audit."""
    verdicts = [v for v in verdicts if v.status is not Status.NOT_APPLICABLE]
    lines = []
    for item in form.items:
        mine = [v for v in verdicts if set(topics_of(v.rule)) & set(item.topics)]
        judged = [v for v in mine if v.status is not Status.UNKNOWN]
        open_rules = list(dict.fromkeys(v.rule.label() for v in mine if v.status is Status.UNKNOWN))
        if not judged:
            reason = (
                Message("not judged from a timetable: {rules}", rules="；".join(open_rules))
                if open_rules
                else Message("no timetable or bell schedule shows this; to be filled in by a person, with evidence")
            )
            lines.append(Filled(item, None, "", str(reason)))
            continue
        counts = Counter(v.status for v in judged)
        broken = list(dict.fromkeys(v.rule.label() for v in judged if v.status in (Status.FAIL, Status.WARNING)))
        status = next(s for s in (Status.FAIL, Status.WARNING, Status.NOTE, Status.PASS) if counts[s])
        finding = Message("{passed} of {judged} judgements passed", passed=counts[Status.PASS], judged=len(judged))
        text = str(finding) + ("：" + "；".join(broken) if broken else "")
        reason_text = str(Message("still to be shown by a person: {rules}", rules="；".join(open_rules))) if open_rules else ""
        lines.append(Filled(item, status, text, reason_text))
    return lines
