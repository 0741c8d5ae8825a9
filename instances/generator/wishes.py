"""Requirements about single teachers: part-time posts, leaders, mentors, health, and what people ask the office for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from instances.generator.staffing import Post
from instances.school import Requirement, RequirementKind, Selector, Slot

_K = RequirementKind
_DAYS = "一二三四五"
_PART_TIME = 10  # lessons a week, at most, of a teacher who comes only on some half-days
_FULL = 14  # lessons a week up to which a required limit of four a day leaves room


def teachers_requirements(
    posts: Sequence[Post], homes: frozenset[str], last_lessons: Sequence[Slot], rng: Random, demands: float
) -> Iterator[Requirement]:
    """Yield the requirements about single teachers; their number grows with the staff and with ``demands``."""
    staff = list(posts)
    rng.shuffle(staff)
    many = len(staff) * demands
    busy = _Draw(staff)
    subject_teachers = [post for post in staff if post.name not in homes]

    yield Requirement(_K.TEACHER_MAX_DAY, count=5, required=False, text="教师每天不超过5节")
    # 语文 and 数学 are taught every day, so nobody who teaches them may be away for a day.
    visiting = [post for post in subject_teachers if not {"语文", "数学"} & set(post.subjects)]
    yield from _part_time(visiting, busy, last_lessons[0].period, rng, _share(many, 0.04))
    for post in busy.take([post for post in staff if post.most <= _FULL], _share(many, 0.02)):
        yield Requirement(_K.TEACHER_MAX_DAY, _only(post), count=4, text=f"{post.name}老师身体原因每天不超过4节")
    for post in busy.take(staff, _share(many, 0.03)):
        yield Requirement(_K.TEACHER_MAX_ROW, _only(post), count=2, required=False, weight=6, text=f"{post.name}老师最多连上2节")
    for post in busy.take([post for post in subject_teachers if post.most <= _FULL], 1):
        slots = (Slot(2, 1), Slot(4, 1))
        yield Requirement(_K.FORBIDDEN, _only(post), slots, text=f"教导主任{post.name}第一节巡课")
    for post in busy.take(staff, _share(many, 0.03)):
        yield Requirement(_K.TEACHER_FREE_HALF_DAYS, _only(post), count=2, required=False, text=f"{post.name}老师进修，留2个半天")
    for post in busy.take(staff, _share(many, 0.04)):
        yield Requirement(_K.TEACHER_MAX_IDLE, _only(post), count=3, required=False, text=f"{post.name}老师家远，空堂尽量少")
    for post in busy.take(staff, _share(many, 0.08)):
        day = rng.randint(1, 5)
        text = f"{post.name}老师送孩子，周{_DAYS[day - 1]}第一节尽量不排"
        yield Requirement(_K.AVOIDED, _only(post), (Slot(day, 1),), required=False, text=text)
    for post in busy.take(staff, _share(many, 0.05)):
        text = f"{post.name}老师周五最后一节尽量不排"
        yield Requirement(_K.AVOIDED, _only(post), (last_lessons[4],), required=False, weight=2, text=text)
    yield from _mentors(staff, _share(many, 0.04))


class _Draw:
    """Draws teachers, each once while there are enough of them."""

    def __init__(self, staff: Sequence[Post]) -> None:
        self._fresh = {post.name for post in staff}

    def take(self, pool: Sequence[Post], count: int) -> list[Post]:
        """Return ``count`` teachers of the pool (fewer if it is smaller), those not drawn before first."""
        chosen = sorted(pool, key=lambda post: post.name not in self._fresh)[:count]
        self._fresh -= {post.name for post in chosen}
        return chosen


def _share(many: float, part: float) -> int:
    return max(1, round(many * part))


def _only(post: Post) -> Selector:
    return Selector(teachers=(post.name,))


def _part_time(pool: Sequence[Post], busy: _Draw, last: int, rng: Random, count: int) -> Iterator[Requirement]:
    """The freest comes on three days at most (four, if nobody has few lessons); others are away on two half-days."""
    pool = sorted(pool, key=lambda post: post.most)
    for post in busy.take(pool, 1):
        days = 3 if post.most <= _PART_TIME else 4
        yield Requirement(_K.TEACHER_MAX_DAYS, _only(post), count=days, text=f"{post.name}老师兼职，每周最多来{days}天")
    for post in busy.take([post for post in pool if post.most <= _PART_TIME], count):
        morning, afternoon = rng.sample(range(1, 6), 2)
        slots = (*(Slot(morning, period) for period in range(1, 5)), *(Slot(afternoon, period) for period in range(5, last + 1)))
        text = f"{post.name}老师兼课，周{_DAYS[morning - 1]}上午、周{_DAYS[afternoon - 1]}下午不排课"
        yield Requirement(_K.FORBIDDEN, _only(post), slots, text=text)


def _mentors(staff: Sequence[Post], count: int) -> Iterator[Requirement]:
    """Pairs of one group and subject: the one with more lessons is the mentor. The first pair is required."""
    taken: set[str] = set()
    made = 0
    for novice in sorted(staff, key=lambda post: post.most):
        for mentor in staff:
            fits = mentor.group == novice.group and set(mentor.subjects) & set(novice.subjects) and mentor.most <= _FULL
            if made < count and fits and mentor is not novice and not {mentor.name, novice.name} & taken:
                taken |= {mentor.name, novice.name}
                text = f"师徒结对：{mentor.name}每周可听{novice.name}的课"
                yield Requirement(_K.MENTOR, _only(novice), count=1, other=_only(mentor), required=made == 0, text=text)
                made += 1
