"""A small XHSTT archive in which every constraint kind and every trap of the format occurs, with made-up people."""

from __future__ import annotations

GROUPS = "".join(f'<TimeGroup Reference="gr_{day}"/>' for day in ("Mo", "Tu"))
DAYS = {"Mo": 3, "Tu": 3}


def constraint(
    kind: str, key: str, applies: str, rest: str = "", *, required: bool = True, weight: int = 1, function: str = "Linear"
) -> str:
    """The text of one constraint."""
    return (
        f'<{kind}Constraint Id="{key}"><Name>{key} name</Name><Required>{str(required).lower()}</Required><Weight>{weight}</Weight>'
        f"<CostFunction>{function}</CostFunction><AppliesTo>{applies}</AppliesTo>{rest}</{kind}Constraint>"
    )


def events(*keys: str) -> str:
    return "<Events>" + "".join(f'<Event Reference="{key}"/>' for key in keys) + "</Events>"


def event_groups(*keys: str) -> str:
    return "<EventGroups>" + "".join(f'<EventGroup Reference="{key}"/>' for key in keys) + "</EventGroups>"


def resources(*keys: str) -> str:
    return "<Resources>" + "".join(f'<Resource Reference="{key}"/>' for key in keys) + "</Resources>"


def limits(minimum: int, maximum: int) -> str:
    return f"<Minimum>{minimum}</Minimum><Maximum>{maximum}</Maximum>"


TIMES = "".join(
    f'<Time Id="{day}{n}"><Name>{day}{n}</Name><Day Reference="gr_{day}"/>'
    + ('<TimeGroups><TimeGroup Reference="gr_double"/></TimeGroups>' if n < count else "")
    + "</Time>"
    for day, count in DAYS.items()
    for n in range(1, count + 1)
)

EVENTS = """
<EventGroups>
  <Course Id="gr_maths"><Name>maths of all</Name></Course>
  <EventGroup Id="gr_All"><Name>all</Name></EventGroup>
  <EventGroup Id="gr_link"><Name>linked</Name></EventGroup>
</EventGroups>
<Event Id="maths" Color="#fff"><Name>maths</Name><Duration>3</Duration><Workload>6</Workload><Course Reference="gr_maths"/>
  <Resources>
    <Resource Reference="Ann"><Role>Teacher</Role><Workload>2</Workload></Resource>
    <Resource><Role>Room</Role><ResourceType Reference="Room"/></Resource>
  </Resources>
  <ResourceGroups><ResourceGroup Reference="gr_S"/></ResourceGroups>
  <EventGroups><EventGroup Reference="gr_maths"/><EventGroup Reference="gr_All"/></EventGroups></Event>
<Event Id="music"><Name>music</Name><Duration>1</Duration>
  <Resources><Resource Reference="Bob"><Role>Teacher</Role></Resource></Resources>
  <EventGroups><EventGroup Reference="gr_All"/><EventGroup Reference="gr_link"/></EventGroups></Event>
<Event Id="art"><Name>art</Name><Duration>1</Duration>
  <Resources><Resource Reference="Ann"><Role>Teacher</Role></Resource></Resources>
  <EventGroups><EventGroup Reference="gr_All"/><EventGroup Reference="gr_link"/></EventGroups></Event>
<Event Id="meeting"><Name>meeting</Name><Duration>1</Duration><Time Reference="Tu3"/>
  <Resources><Resource Reference="Ann"/><Resource Reference="Bob"/></Resources></Event>
"""

DAY_GROUPS = f"<TimeGroups>{GROUPS}</TimeGroups>"

ALL_KINDS = (
    constraint("AssignTime", "time", event_groups("gr_All"))
    + constraint("AssignResource", "room", event_groups("gr_All"), "<Role>Room</Role>", weight=5)
    + constraint(
        "SplitEvents",
        "split",
        events("maths"),
        "<MinimumDuration>1</MinimumDuration><MaximumDuration>2</MaximumDuration><MinimumAmount>1</MinimumAmount><MaximumAmount>2</MaximumAmount>",
    )
    + constraint("DistributeSplitEvents", "double", events("maths"), f"<Duration>2</Duration>{limits(1, 1)}", required=False)
    + constraint("PreferResources", "lab", events("maths"), '<Resources><Resource Reference="Lab"/></Resources><Role>Room</Role>')
    + constraint(
        "PreferTimes", "start", event_groups("gr_All"),
        '<TimeGroups><TimeGroup Reference="gr_double"/></TimeGroups><Duration>2</Duration>',
    )
    + constraint("AvoidSplitAssignments", "one", event_groups("gr_maths"), "<Role>Room</Role>", required=False, weight=4)
    + constraint(
        "SpreadEvents",
        "spread",
        event_groups("gr_maths"),
        "<TimeGroups>" + "".join(f'<TimeGroup Reference="gr_{day}">{limits(0, 1)}</TimeGroup>' for day in DAYS) + "</TimeGroups>",
    )
    + constraint("LinkEvents", "link", event_groups("gr_link"), required=False, weight=3)
    + constraint(
        "OrderEvents",
        "order",
        '<EventPairs><EventPair><FirstEvent Reference="maths"/><SecondEvent Reference="meeting"/><MinSeparation>1</MinSeparation>'
        "<MaxSeparation>2</MaxSeparation></EventPair></EventPairs>",
        required=False,
    )
    + constraint("AvoidClashes", "clash", "<ResourceGroups><ResourceGroup Reference=\"gr_T\"/></ResourceGroups>" + resources("Ann"))
    + constraint("AvoidUnavailableTimes", "off", resources("Bob"), '<Times><Time Reference="Mo1"/></Times>', required=False, weight=7)
    + constraint("LimitIdleTimes", "idle", resources("Ann"), DAY_GROUPS + limits(0, 0), required=False, function="Quadratic", weight=2)
    + constraint("ClusterBusyTimes", "days", resources("Bob"), DAY_GROUPS + limits(0, 1), required=False)
    + constraint("LimitBusyTimes", "busy", resources("Ann", "Bob"), DAY_GROUPS + limits(2, 2), required=False, function="Step", weight=9)
    + constraint("LimitWorkload", "load", resources("Ann"), limits(0, 3), required=False)
)  # fmt: skip


def resource(key: str, kind: str, group: str = "") -> str:
    """The text of one resource."""
    member = f'<ResourceGroup Reference="{group}"/>' if group else ""
    return f'<Resource Id="{key}"><Name>{key}</Name><ResourceType Reference="{kind}"/><ResourceGroups>{member}</ResourceGroups></Resource>'


RESOURCES = (
    "<ResourceTypes>"
    + "".join(f'<ResourceType Id="{kind}"><Name>{kind}</Name></ResourceType>' for kind in ("Teacher", "Room", "Student"))
    + '</ResourceTypes><ResourceGroups><ResourceGroup Id="gr_T"><Name>teachers</Name><ResourceType Reference="Teacher"/></ResourceGroup>'
    + '<ResourceGroup Id="gr_S"><Name>students</Name><ResourceType Reference="Student"/></ResourceGroup></ResourceGroups>'
    + resource("Ann", "Teacher", "gr_T")
    + resource("Bob", "Teacher", "gr_T")
    + resource("Lab", "Room")
    + resource("Hall", "Room")
    + resource("S1", "Student", "gr_S")
    + resource("S2", "Student", "gr_S")
)


def archive(constraints: str = ALL_KINDS, events: str = EVENTS, times: str = TIMES, solutions: str = "") -> str:
    """The text of an archive with one instance."""
    return f"""<HighSchoolTimetableArchive><Instances><Instance Id="tiny">
<MetaData><Name>Tiny</Name><Contributor>kebiao</Contributor><Date>2026</Date><Country>-</Country>
<Description>made up</Description></MetaData>
<Times><TimeGroups><Day Id="gr_Mo"><Name>Mo</Name></Day><Day Id="gr_Tu"><Name>Tu</Name></Day>
<TimeGroup Id="gr_double"><Name>double</Name></TimeGroup></TimeGroups>{times}</Times>
<Resources>{RESOURCES}</Resources><Events>{events}</Events><Constraints>{constraints}</Constraints></Instance></Instances>
<SolutionGroups><SolutionGroup Id="by hand">
<MetaData><Contributor>kebiao</Contributor><Date>2026</Date><Description>-</Description></MetaData>
{solutions}</SolutionGroup></SolutionGroups></HighSchoolTimetableArchive>"""


def meet(event: str, duration: int, time: str = "", room: str = "") -> str:
    """The text of one solution event."""
    chosen = f'<Resources><Resource Reference="{room}"><Role>Room</Role></Resource></Resources>' if room else ""
    at = f'<Time Reference="{time}"/>' if time else ""
    return f'<Event Reference="{event}"><Duration>{duration}</Duration>{at}{chosen}</Event>'


def solution(*meets: str, report: str = "") -> str:
    return f'<Solution Reference="tiny"><Events>{"".join(meets)}</Events>{report}</Solution>'
