"""All kinds of constraints on timetables, in the order in which people meet them: what is placed and by whom, when, how the lessons of
a course lie, how the week of a resource looks.

A new kind is one file in ``constraints/timetable`` and one line here.
"""

from __future__ import annotations

from constraints.base import Constraint
from constraints.timetable.allow_sit_in import AllowSitIn
from constraints.timetable.assign_resource import AssignResource
from constraints.timetable.assign_time import AssignTime
from constraints.timetable.avoid_clashes import AvoidClashes
from constraints.timetable.avoid_sequence import AvoidSequence
from constraints.timetable.avoid_split_assignments import AvoidSplitAssignments
from constraints.timetable.avoid_unavailable_times import AvoidUnavailableTimes
from constraints.timetable.begin_early import BeginEarly
from constraints.timetable.cluster_busy_times import ClusterBusyTimes
from constraints.timetable.common_free import CommonFree
from constraints.timetable.days_between import DaysBetween
from constraints.timetable.distribute_split_events import DistributeSplitEvents
from constraints.timetable.edge_of_day import EdgeOfDay
from constraints.timetable.fill_parts import FillParts
from constraints.timetable.keep_in_step import KeepInStep
from constraints.timetable.limit_busy_times import LimitBusyTimes
from constraints.timetable.limit_concurrency import LimitConcurrency
from constraints.timetable.limit_consecutive import LimitConsecutive
from constraints.timetable.limit_idle_times import LimitIdleTimes
from constraints.timetable.limit_lessons import LimitLessons
from constraints.timetable.limit_place_changes import LimitPlaceChanges
from constraints.timetable.limit_workload import LimitWorkload
from constraints.timetable.link_events import LinkEvents
from constraints.timetable.occupy_times import OccupyTimes
from constraints.timetable.order_events import OrderEvents
from constraints.timetable.prefer_resources import PreferResources
from constraints.timetable.prefer_times import PreferTimes
from constraints.timetable.relate_meets import RelateMeets
from constraints.timetable.same_room_if_consecutive import SameRoomIfConsecutive
from constraints.timetable.share_times import ShareTimes
from constraints.timetable.split_events import SplitEvents
from constraints.timetable.spread_events import SpreadEvents

CONSTRAINTS: tuple[type[Constraint], ...] = (
    AssignTime,
    AssignResource,
    SplitEvents,
    DistributeSplitEvents,
    AvoidClashes,
    AvoidUnavailableTimes,
    PreferTimes,
    PreferResources,
    AvoidSplitAssignments,
    SameRoomIfConsecutive,
    FillParts,
    OccupyTimes,
    LinkEvents,
    OrderEvents,
    LimitConcurrency,
    LimitLessons,
    SpreadEvents,
    DaysBetween,
    AvoidSequence,
    RelateMeets,
    KeepInStep,
    EdgeOfDay,
    BeginEarly,
    LimitIdleTimes,
    ClusterBusyTimes,
    LimitBusyTimes,
    LimitConsecutive,
    LimitPlaceChanges,
    LimitWorkload,
    ShareTimes,
    CommonFree,
    AllowSitIn,
)
"""Every kind, once."""
