"""All the schools of a district in one run: audited or solved in parallel, each school apart, done schools never twice.

A folder holds a school in each file, or in each subfolder: files named 计划 or plan are course plans, 执行 or executed the timetable
in use, 自查 or records what the school states of itself, all others the published timetable. Every school becomes a task that carries
its files' bytes, so that a worker on another machine needs no shared disk. Results are kept beside the summary by content hash: a second
run takes up where the first one stopped.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from instances.language import Message, current_language, in_language
from instances.origin import Origin
from scheduler.errors import Finding, InputError
from scheduler.writing.headline import program_version

_FILES = (".xlsx", ".xlsm", ".xls", ".csv", ".html", ".htm")
_PLAN = re.compile(r"计划|任课|plan", re.IGNORECASE)
_EXECUTED = re.compile(r"执行|日志|巡课|executed|log", re.IGNORECASE)
_RECORDS = re.compile(r"自查|记录表|records", re.IGNORECASE)
RETRIES = 2
"""How often a school is given to another worker when its worker died."""

GIVEN_UP = 300.0
"""Seconds that reading, judging and writing one school may take."""


class Job(StrEnum):
    """What is done with each school."""

    AUDIT = "audit"
    SOLVE = "solve"


class State(StrEnum):
    """What came of a school."""

    DONE = "done"
    UNREADABLE = "unreadable"
    FAILED = "failed"


@dataclass(frozen=True)
class Task:
    """One school: its files as (role, name, bytes); roles are ``timetable``, ``plan``, ``executed`` and ``records``."""

    school: str
    files: tuple[tuple[str, str, bytes], ...]
    job: Job
    rules: tuple[str, ...]
    language: str
    seconds: float = 60.0

    @property
    def limit(self) -> float:
        """Seconds after which the school is given up: five minutes, and twice the search where a timetable is made."""
        return GIVEN_UP + (2 * self.seconds if self.job is Job.SOLVE else 0)

    @property
    def key(self) -> str:
        """A hash of everything that the result depends on."""
        limit = self.seconds if self.job is Job.SOLVE else 0
        digest = hashlib.sha256(f"{program_version()}|{self.job}|{self.rules}|{self.language}|{limit}".encode())
        for role, name, content in self.files:
            digest.update(f"|{role}|{name}|{len(content)}|".encode())
            digest.update(content)
        return digest.hexdigest()[:24]


@dataclass
class RuleCount:
    """Verdicts of one rule at one school."""

    title: str
    level: str
    source: str
    counts: dict[str, int]


@dataclass
class SchoolResult:
    """What the summary needs of a school; plain data, kept as JSON. ``worst`` is a verdict, ``counts`` are by verdict."""

    school: str
    state: State
    worst: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    rules: dict[str, RuleCount] = field(default_factory=dict)
    classes: int = 0
    teachers: int = 0
    slots: int = 0
    unread: int = 0
    reasons: list[str] = field(default_factory=list)
    report: str = ""
    headline: str = ""
    seconds: float = 0.0
    peak_mb: float = 0.0
    again: bool = False


def schools_of(folder: Path, job: Job, rules: Sequence[str], seconds: float = 60.0) -> list[Task]:
    """Return a task for each school of a folder. Raises InputError when there is none."""
    if not folder.is_dir():
        raise InputError([Finding(Message("there is no such folder"), Origin(str(folder)))])
    tasks: list[Task] = []
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith((".", "~$")):
            continue
        if entry.is_dir():
            files = sorted(p for p in entry.iterdir() if p.suffix.lower() in _FILES and not p.name.startswith((".", "~$")))
        else:
            files = [entry] if entry.suffix.lower() in _FILES else []
        if files:
            contents = tuple((_role(p, job), p.name, p.read_bytes()) for p in files)
            name = entry.name if entry.is_dir() else entry.stem
            if any(task.school == name for task in tasks):  # a.xls beside a.xlsx
                name = entry.name
            tasks.append(Task(name, contents, job, tuple(rules), current_language(), seconds))
    if not tasks:
        raise InputError([Finding(Message("this folder holds no school: neither tables nor folders of tables"), Origin(str(folder)))])
    return tasks


def _role(path: Path, job: Job) -> str:
    if job is Job.SOLVE or _PLAN.search(path.stem):
        return "plan"
    if _RECORDS.search(path.stem):
        return "records"
    return "executed" if _EXECUTED.search(path.stem) else "timetable"


def run_school(task: Task) -> tuple[dict[str, Any], bytes]:
    """Do one school, whatever its files hold; return its result as plain data and its report workbook (empty: none).

    A school that takes longer than its ``limit`` is given up: files that hang must not hold up the others.
    """
    from scheduler.auditing.time_limit import TooLong, within

    began = time.perf_counter()
    try:
        result, content = within(task.limit, lambda: _run(task))
    except TooLong:
        text = Message("given up after {seconds} s: look at the files of this school by themselves", seconds=f"{task.limit:g}")
        with in_language(task.language):
            result, content = SchoolResult(task.school, State.FAILED, reasons=[str(text)]), b""
    result.seconds = round(time.perf_counter() - began, 3)
    result.peak_mb = _peak_mb()
    return asdict(result), content


def _run(task: Task) -> tuple[SchoolResult, bytes]:
    with in_language(task.language), tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        report = Path(folder) / "report.xlsx"
        try:
            result = _audit(task, Path(folder), report) if task.job is Job.AUDIT else _solve(task, Path(folder), report)
        except InputError as error:
            reasons = [f"{f.origin} {f.message}".strip() for f in error.findings[:20]]
            result = SchoolResult(task.school, State.UNREADABLE, reasons=reasons)
        except Exception as error:  # one school must never stop a district
            result = SchoolResult(task.school, State.FAILED, reasons=[f"{type(error).__name__}: {error}"[:500]])
        return result, report.read_bytes() if report.exists() else b""


def _peak_mb() -> float:
    try:
        import resource
    except ImportError:  # Windows has no such count
        return 0.0
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def _written(task: Task, folder: Path, role: str) -> list[Path]:
    paths = []
    for kind, name, content in task.files:
        if kind == role:
            paths.append(folder / name)
            paths[-1].write_bytes(content)
    return paths


def _audit(task: Task, folder: Path, report: Path) -> SchoolResult:
    from scheduler.auditing.audit import audit
    from scheduler.auditing.inputs import combined, compared
    from scheduler.auditing.records_sheet import read_records
    from scheduler.auditing.report import write_audit
    from scheduler.reading.read import read_school
    from scheduler.reading.timetable import read_timetable

    reading = read_timetable(_written(task, folder, "timetable"))
    plan, executed = _written(task, folder, "plan"), _written(task, folder, "executed")
    comparison = compared(executed, reading) if executed else None
    stated = _written(task, folder, "records")
    records = read_records(stated)[0] if stated else None
    result = audit(reading, combined(task.rules), plan=read_school(plan) if plan else None, records=records, comparison=comparison)
    write_audit(result, report)
    found = SchoolResult(task.school, State.DONE, worst=result.worst.value, slots=result.slots, unread=len(result.unread))
    found.classes, found.teachers = len(result.school.classes), len(result.school.teachers)
    _count(found, result.verdicts)
    found.reasons = [str(message) for message in result.uncovered]
    return found


def _count(found: SchoolResult, verdicts: Iterable[Any]) -> None:
    from scheduler.writing.headline import level_name

    for verdict in verdicts:
        status = verdict.status.value
        found.counts[status] = found.counts.get(status, 0) + 1
        rule = verdict.rule
        line = found.rules.setdefault(rule.id, RuleCount(rule.label(), level_name(rule.level), str(rule.source), {}))
        line.counts[status] = line.counts.get(status, 0) + 1


def _solve(task: Task, folder: Path, report: Path) -> SchoolResult:
    from scheduler.auditing.inputs import combined
    from scheduler.reading.read import read_school
    from scheduler.solving.options import SolveOptions
    from scheduler.timetabling import make_timetable
    from scheduler.writing.headline import proof_sentence
    from scheduler.writing.workbook import write_workbook

    school = read_school(_written(task, folder, "plan"))
    outcome = make_timetable(school, SolveOptions(time_limit=task.seconds, workers=1), rulesets=(combined(task.rules),))
    found = SchoolResult(task.school, State.DONE, classes=len(school.classes), teachers=len(school.teachers))
    found.headline = str(proof_sentence(outcome))
    if outcome.timetable is None:
        found.state, found.reasons = State.FAILED, [found.headline]
        return found
    write_workbook(outcome, report)
    found.slots = len({(name, x.day, x.period) for x in outcome.timetable.lessons for name in x.classes})
    _count(found, outcome.verdicts)
    found.worst = next((s for s in ("fail", "warning", "note") if found.counts.get(s)), "pass")
    return found


def result_of(data: dict[str, Any]) -> SchoolResult:
    """Return a result from its plain data."""
    rules = {name: RuleCount(**count) for name, count in data["rules"].items()}
    return SchoolResult(**{**data, "state": State(data["state"]), "rules": rules})


@dataclass(frozen=True)
class Store:
    """Results and reports of a district, beside its summary: ``<summary>.schools/``."""

    folder: Path

    @staticmethod
    def beside(summary: Path) -> Store:
        """Return the store of a summary workbook, made if missing."""
        folder = summary.with_name(f"{summary.stem}.schools")
        (folder / "done").mkdir(parents=True, exist_ok=True)
        return Store(folder)

    def known(self, task: Task) -> SchoolResult | None:
        """Return the result of an earlier run on the same content; None when there is none, or its report is gone."""
        path = self.folder / "done" / f"{task.key}.json"
        try:
            result = result_of(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, KeyError):
            return None
        if result.report and not (self.folder / result.report).exists():
            return None
        return replace(result, again=True)

    def keep(self, task: Task, data: dict[str, Any], report: bytes) -> SchoolResult:
        """Keep a result; a school that failed is tried again by the next run, so only its report is kept."""
        result = result_of(data)
        if report:
            result.report = f"{_file_name(task.school)}.xlsx"
            _write(self.folder / result.report, report)
        if result.state is not State.FAILED:
            _write(self.folder / "done" / f"{task.key}.json", json.dumps(asdict(result), ensure_ascii=False).encode())
        return result


def _write(path: Path, content: bytes) -> None:
    from scheduler.writing.atomic import replacing

    with replacing(path) as temporary:
        temporary.write_bytes(content)


def _file_name(school: str) -> str:
    return re.sub(r'[\\/:*?"<>|]', "_", school)[:100]


def run_district(
    tasks: Sequence[Task],
    store: Store,
    *,
    scheduler: str | None = None,
    workers: int | None = None,
    tell: Callable[[int, int, SchoolResult], None] = lambda done, total, result: None,
) -> list[SchoolResult]:
    """Run all schools and return their results in the order of the tasks.

    ``scheduler`` is the address of a Dask cluster (``tcp://…``), None for one on this machine with ``workers`` processes (default: one
    for each core). ``tell`` is called after every school with the number done, the total and the result.
    """
    results: dict[int, SchoolResult] = {}
    for number, task in enumerate(tasks):
        known = store.known(task)
        if known is not None:
            results[number] = known
            tell(len(results), len(tasks), known)
    todo = [number for number in range(len(tasks)) if number not in results]
    if todo:
        for number, data, report in _done(tasks, todo, scheduler, workers):
            results[number] = store.keep(tasks[number], data, report)
            tell(len(results), len(tasks), results[number])
    return [results[number] for number in range(len(tasks))]


def _done(
    tasks: Sequence[Task], todo: list[int], scheduler: str | None, workers: int | None
) -> Iterator[tuple[int, dict[str, Any], bytes]]:
    """Yield results as they come from the cluster; a worker that dies costs its school at most ``RETRIES`` new attempts."""
    import logging

    import dask
    from distributed import Client, LocalCluster, as_completed

    logging.getLogger("distributed").setLevel(logging.ERROR)
    settings = {
        "distributed.scheduler.allowed-failures": RETRIES,
        "distributed.worker.daemon": True,
        "distributed.admin.tick.limit": "60s",
        "distributed.comm.timeouts.connect": "120s",  # a loaded machine starts its workers slowly
        "distributed.comm.timeouts.tcp": "120s",
    }
    with dask.config.set(settings):
        cluster = scheduler or LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=logging.CRITICAL
        )
        client = Client(cluster)
        try:
            futures = {client.submit(run_school, tasks[number], retries=RETRIES, pure=False): number for number in todo}
            for future in as_completed(list(futures)):
                number = futures.pop(future)
                if future.status == "finished":
                    data, report = future.result()
                else:
                    reason = str(Message("the worker was lost: {reason}", reason=type(future.exception()).__name__))
                    data, report = asdict(SchoolResult(tasks[number].school, State.FAILED, reasons=[reason])), b""
                future.release()
                yield number, data, report
        finally:
            client.close()
            if not isinstance(cluster, str):
                cluster.close()
