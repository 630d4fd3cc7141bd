"""WHO, written once: a party is the way from a record to people.

The same few lines give the row filter of a list, the check of one object, the buttons on a page and the recipients of a
notice, so none of them can disagree. Rights are asked anew in each request; nothing of them is kept in a session.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth import get_user_model
from django.db.models import Model, Q, QuerySet, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REPRESENTS, CARES = "representative", "cadre"  # seats that are not posts
Words = str | Promise  # text, translated when it is shown
EVERYWHERE = ""  # the path of a party whose posts reach every record


def valid_on(day: date, prefix: str = "") -> Q:
    """Rows valid on that day; `prefix` is the lookup to the dated row."""
    return Q(**{f"{prefix}valid_from__lte": day}) & (
        Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": day})
    )


@dataclass(frozen=True)
class Seats:
    """What one person holds today: units by role, enterprises spoken for, enterprises looked after."""

    units: dict[str, frozenset[int]] = field(default_factory=dict)
    represents: frozenset[int] = frozenset()
    cares_for: frozenset[int] = frozenset()

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(self.units)

    def units_as(self, roles: Iterable[str]) -> frozenset[int]:
        return frozenset().union(*(self.units.get(role, frozenset()) for role in roles))


def seats_of(user, day: date) -> Seats:
    """The seats a person holds on that day, read in one query, once a request; anonymous people hold none."""
    if not user.is_authenticated or not user.is_active:
        return Seats()
    kept = getattr(user, "_seats", None)
    if kept is None or kept[0] != day:
        kept = user._seats = (day, _read_seats(user, day))
    return kept[1]


def _read_seats(user, day: date) -> Seats:
    cared = valid_on(day, "cadre__") & valid_on(day, "cadre__assignments__")
    people = get_user_model().objects.filter(cared, pk=user.pk)
    seats = user.posts.valid_on(day).values_list("role", "unit").union(
        user.representations.valid_on(day).values_list(Value(REPRESENTS), "enterprise"),
        people.values_list(Value(CARES), "cadre__assignments__enterprise"),
        all=True,
    )  # fmt: skip
    held: dict[str, set[int]] = {}
    for seat, place in seats:
        held.setdefault(seat, set()).add(place)
    represents, cares_for = (frozenset(held.pop(seat, ())) for seat in (REPRESENTS, CARES))
    return Seats({role: frozenset(units) for role, units in held.items()}, represents, cares_for)


@dataclass(frozen=True, eq=False)
class Party:
    """People who stand in one relation to a record.

    path: lookup from the record to the unit or enterprise concerned; EVERYWHERE for posts that reach all records.
    roles: the posts that count; empty for the people of an enterprise.
    """

    key: str
    label: Words
    path: str
    roles: tuple[str, ...] = ()
    seat: str = "post"  # or "representative" or "cadre"

    def anchors(self, user, day: date) -> frozenset[int]:
        """The units or enterprises through which this person belongs to the party."""
        seats = seats_of(user, day)
        if self.seat == "representative":
            return seats.represents
        return seats.cares_for if self.seat == "cadre" else seats.units_as(self.roles)

    def rows(self, user, day: date) -> Q:
        """The records in which this person is of the party. Never empty: `Q() | Q(x)` would be `Q(x)`."""
        anchors = self.anchors(user, day)
        if not anchors:
            return Q(pk__in=())
        return Q(pk__gt=0) if self.path == EVERYWHERE else Q(**{f"{self.path}__in": anchors})

    def includes(self, user, record: Model, day: date) -> bool:
        """Is this person of the party in this record? Reads prefetched rows where the path has many ends."""
        anchors = self.anchors(user, day)
        return bool(anchors) and (self.path == EVERYWHERE or not anchors.isdisjoint(ends(record, self.path)))

    def people(self, record: Model, day: date) -> QuerySet:
        """Everyone of the party in this record: the recipients of a notice."""
        return self.people_at(None if self.path == EVERYWHERE else ends(record, self.path), day)

    def people_at(self, anchors: Iterable[int] | None, day: date) -> QuerySet:
        """Everyone of the party at these units or enterprises; None means wherever its posts are held."""
        users = get_user_model().objects
        return users.filter(is_active=True, pk__in=users.filter(self._held(anchors, day)).values("pk"))

    def people_by_anchor(self, anchors: Iterable[int] | None, day: date) -> dict[int, list[int]]:
        """The ids of those people under each unit or enterprise, in one query: for loops over many records."""
        lookup = {"post": "posts__unit", "representative": "representations__enterprise"}
        found = get_user_model().objects.filter(self._held(anchors, day), is_active=True)
        people: dict[int, list[int]] = {}
        for anchor, pk in found.values_list(lookup.get(self.seat, "cadre__assignments__enterprise"), "pk").distinct():
            people.setdefault(anchor, []).append(pk)
        return people

    def _held(self, anchors: Iterable[int] | None, day: date) -> Q:
        if self.seat == "post":
            held = Q(posts__role__in=self.roles) & valid_on(day, "posts__")
            return held if anchors is None else held & Q(posts__unit__in=anchors)
        if self.seat == "representative":
            return Q(representations__enterprise__in=anchors or ()) & valid_on(day, "representations__")
        held = Q(cadre__assignments__enterprise__in=anchors or ())
        return held & valid_on(day, "cadre__") & valid_on(day, "cadre__assignments__")


def people_of(parties: Iterable[Party], record: Model, day: date) -> QuerySet:
    """Everyone of any of these parties in this record, each once, in one query."""
    held = Q(pk__in=())
    for party in parties:
        held |= Q(pk__in=party.people(record, day).values("pk"))
    return get_user_model().objects.filter(held)


def ends(record: Model, path: str) -> set[int]:
    """The ids at the end of a lookup path from one record; the last step of the path is a foreign key."""
    *steps, last = path.split("__")
    rows = [record]
    for step in steps:
        rows = [end for row in rows for end in _follow(row, step)]
    return {pk for row in rows if (pk := row.pk if last == "pk" else getattr(row, f"{last}_id")) is not None}


def _follow(row: Model, step: str) -> list[Model]:
    there = getattr(row, step)
    return list(there.all()) if hasattr(there, "all") else [there] if there is not None else []


DESK = Party("desk", _("分拨台"), EVERYWHERE, ("desk",))
CALL_BACK = Party("call-back", _("回访组"), EVERYWHERE, ("call-back",))
SUPERVISION = Party("supervision", _("督查室"), EVERYWHERE, ("supervision",))
LEADER = Party("leader", _("区领导"), EVERYWHERE, ("leader",))
AUDITOR = Party("auditor", _("审计员"), EVERYWHERE, ("auditor",))
OVERSEERS = (DESK, CALL_BACK, SUPERVISION, LEADER, AUDITOR)
# Who may open an enterprise's card; everybody else gets 404.
ENTERPRISE_VIEWERS = (
    *OVERSEERS,
    Party("representative", _("企业代表"), "pk", seat="representative"),
    Party("cadre", _("挂点干部"), "pk", seat="cadre"),
    Party("street", _("所属街道"), "street", ("member", "head")),
)


def visible_rows(parties: Iterable[Party], user, day: date) -> Q:
    """The records that any of these parties lets this person see."""
    seen = Q(pk__in=())
    for party in parties:
        seen |= party.rows(user, day)
    return seen
