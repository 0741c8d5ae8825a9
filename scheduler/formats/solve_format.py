"""Solving the field's own files, XHSTT archives and FET files: read, solve, write the answer in the same format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from constraints.base import Violation, evaluate
from instances.language import Listing, Message
from instances.origin import Origin
from instances.problem import Problem
from instances.timetable import Timetable, TimetableView
from scheduler.errors import Finding, InputError
from scheduler.formats.fet_read import read_fet
from scheduler.formats.fet_write import write_activities, write_fet
from scheduler.formats.xhstt_archive import Archive, ArchiveSolution, Instance, completed
from scheduler.formats.xhstt_read import read_archive
from scheduler.formats.xhstt_write import write_archive
from scheduler.outcome import Progress, Solution
from scheduler.solving.best import best_timetable
from scheduler.solving.ejection.legal import first_timetable
from scheduler.solving.options import SolveOptions
from scheduler.solving.stopping import Deadline
from scheduler.writing.atomic import refuse_inputs


class Format(StrEnum):
    """What kind of file a problem comes in."""

    SCHOOL = "school"  # the workbooks of a school
    XHSTT = "xhstt"
    FET = "fet"


@dataclass(frozen=True)
class Answer:
    """The answer to one problem of a file: ``written`` are the files, ``left_out`` counts the constraints that were ignored."""

    name: str
    problem: Problem
    solution: Solution
    violations: tuple[Violation, ...] = ()
    written: tuple[Path, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)


Tell = Callable[[Progress], None]


def solve_fet_problem(problem: Problem, options: SolveOptions, tell: Tell, deadline: Deadline) -> Solution:
    """Return the best legal timetable found, or where there is none in good time one of the least required cost.

    Ejection begins, for FET's problems are mostly lessons that get in each other's way.
    """
    return best_timetable(problem, options, tell=tell, deadline=deadline, start=first_timetable(problem, options, deadline))


def solve_fet(
    path: Path, output: Path, options: SolveOptions, tell: Tell, deadline: Deadline, *, ignore_unsupported: bool = False
) -> Answer:
    """Solve a ``.fet`` file; write it with the timetable locked, and FET's ``*_activities.xml`` beside it.

    Raises InputError when the file cannot be used, OutputError when the answer cannot be written.
    """
    refuse_inputs(output, [path])
    fet = read_fet(path, ignore_unsupported=ignore_unsupported)
    solution = solve_fet_problem(fet.problem, options, tell, deadline)
    if solution.timetable is None:
        return Answer(path.name, fet.problem, solution, left_out=fet.left_out)
    activities = output.with_name(f"{output.stem}_activities.xml")
    write_fet(fet, solution.timetable, path, output)
    write_activities(fet, solution.timetable, activities)
    return Answer(
        path.name, fet.problem, solution, _violations(fet.problem, solution.timetable), (output, activities), left_out=fet.left_out
    )


def solve_xhstt(
    path: Path,
    output: Path,
    options: SolveOptions,
    tell: Tell,
    deadline: Deadline,
    *,
    only: Sequence[str] = (),
    answered: Callable[[Answer], None] = lambda answer: None,
) -> list[Answer]:
    """Solve the instances of an XHSTT archive (``only`` those with these ids), each within the time limit, and write an archive of the
    instances tried with their solutions. It is written anew after each of them, and ``answered`` is called.

    Raises InputError when the archive cannot be used, OutputError when the answer cannot be written.
    """
    refuse_inputs(output, [path])
    instances = _chosen(read_archive(path), path, only)
    answers: list[Answer] = []
    found: list[ArchiveSolution] = []
    for number, instance in enumerate(instances, start=1):
        own = deadline.part(options.time_limit)
        solution = best_timetable(instance.problem, options, tell=tell, deadline=own)
        timetable = completed(instance.problem, solution.timetable or Timetable(()))
        found.append(ArchiveSolution("kebiao", instance.id, timetable, running_time=solution.seconds))
        write_archive(output, Archive(instances[:number], tuple(found)), inputs=[path])
        answers.append(Answer(instance.id, instance.problem, solution, _violations(instance.problem, timetable), (output,)))
        answered(answers[-1])
        if deadline.interrupted:
            break
    return answers


def _chosen(archive: Archive, path: Path, only: Sequence[str]) -> tuple[Instance, ...]:
    """Return the instances to solve; raises InputError where there are none of them."""
    known = {instance.id: instance for instance in archive.instances}
    findings = [
        Finding(
            Message("The archive has no instance {id}", id=repr(id)), Origin(str(path)), id, Message("one of {ids}", ids=Listing(known))
        )
        for id in only
        if id not in known
    ]
    if not known:
        findings = [Finding(Message("The archive holds no instance"), Origin(str(path)))]
    if findings:
        raise InputError(findings)
    return tuple(known[id] for id in dict.fromkeys(only)) or archive.instances


def _violations(problem: Problem, timetable: Timetable) -> tuple[Violation, ...]:
    return tuple(evaluate(problem, TimetableView(problem, timetable))[1])
