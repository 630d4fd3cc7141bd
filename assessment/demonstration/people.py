"""WHO in the invented district: units with their staff, cadres, enterprises and who looks after them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from django.contrib.auth.hashers import make_password
from stdnum.cn import uscc

from assessment.demonstration.accounts import LOGINS, PASSWORD
from assessment.demonstration.loading import Loader
from assessment.demonstration.names import PARKS, ROADS, TITLES, firms, person, phone
from directory.models import Assignment, Cadre, Enterprise, Post, Representative, Unit, User, initials

SINCE = date(2023, 1, 3)  # the first working day of the year told of
KIND = Unit.Kind
CADRES_FROM: dict[str, int] = {  # how many of the cadres a unit of that kind sends, in proportion
    KIND.STREET: 28, KIND.BUSINESS: 13, KIND.PARTY: 8, KIND.MUNICIPAL: 9, KIND.UTILITY: 4,
    KIND.DESK: 5, KIND.CALL_BACK: 0, KIND.SUPERVISION: 3,
}  # fmt: skip
SIZES = ("large",) * 2 + ("medium",) * 10 + ("small",) * 48 + ("micro",) * 40


@dataclass
class District:
    """Everybody, for those who invent what they did."""

    units: dict[str, Unit]
    staff: dict[str, list[User]] = field(default_factory=dict)  # members and heads by unit code
    heads: dict[str, list[User]] = field(default_factory=dict)
    by_role: dict[str, list[User]] = field(default_factory=dict)
    unit_of: dict[int, Unit] = field(default_factory=dict)  # of a user, by post
    cadres: list[Cadre] = field(default_factory=list)
    enterprises: list[Enterprise] = field(default_factory=list)
    cared_for: dict[int, list[Enterprise]] = field(default_factory=dict)  # by the cadre's id
    cadre_of: dict[int, Cadre] = field(default_factory=dict)  # by the enterprise's id
    speaker: dict[int, User] = field(default_factory=dict)  # who speaks for the enterprise, by its id
    product: dict[int, str] = field(default_factory=dict)  # what the enterprise makes, by its id


class People:
    """Makes the district's people, the same for the same seed."""

    def __init__(self, seed: int, loader: Loader, now: datetime) -> None:
        self.rng, self.loader, self.now = Random(f"{seed}:people"), loader, now
        self.password = make_password(PASSWORD)  # hashed once: it is the same for all
        self.district = District({unit.code: unit for unit in Unit.objects.order_by("code")})
        self.logins = {login.username: login for login in LOGINS}

    def user(self, username: str, name: str) -> User:
        fields = {"password": self.password, "is_demonstration": True, "date_joined": self.now}
        return self.loader.add(User(username=username, name=name, **fields))

    # --- Staff ------------------------------------------------------------------------------------------------------

    def make_staff(self) -> None:
        """A head and three handlers in every unit that answers petitions, and those who run the service."""
        for login in LOGINS:
            if login.post:
                self.seat(self.user(login.username, login.name), *login.post)
        for code in self.district.units:
            for n, role in enumerate(("head", "member", "member", "member"), 1):
                self.seat(self.user(f"{code.lower()}{n:02d}", person(self.rng)), code, role)
        for n in range(1, 5):
            self.seat(self.user(f"fenbo{n:02d}", person(self.rng)), "DSK", "desk")
            self.seat(self.user(f"huifang{n:02d}", person(self.rng)), "HFZ", "call-back")

    def seat(self, user: User, code: str, role: str) -> None:
        unit = self.district.units[code]
        self.loader.add(Post(user=user, unit=unit, role=role, valid_from=SINCE))
        self.district.unit_of[user.pk] = unit
        self.district.by_role.setdefault(role, []).append(user)
        if role in ("member", "head"):
            self.district.staff.setdefault(code, []).append(user)
        if role == "head":
            self.district.heads.setdefault(code, []).append(user)

    # --- Cadres and enterprises -------------------------------------------------------------------------------------

    def make_cadres(self, number: int) -> None:
        """The first is the one to sign in as; the others come from all units in proportion."""
        units = [unit for unit in self.district.units.values() if CADRES_FROM[unit.kind]]
        weights = [CADRES_FROM[unit.kind] for unit in units]
        login = self.logins["cadre"]
        for n in range(number):
            unit = self.district.units["SY"] if n == 0 else self.rng.choices(units, weights)[0]
            name = person(self.rng)
            user = self.user(login.username, login.name) if n == 0 else self.user(f"gb{n:04d}", name)
            cadre = Cadre(code=f"GB{n:04d}", user=user, unit=unit, valid_from=SINCE)
            self.district.cadres.append(self.loader.add(cadre))

    def make_enterprises(self, number: int) -> None:
        """Each with a cadre; kept back until the visits have said when each was last visited."""
        streets = [unit for unit in self.district.units.values() if unit.kind == KIND.STREET]
        homes = {c.pk: c.unit if c.unit.kind == KIND.STREET else self.rng.choice(streets) for c in self.district.cadres}
        owners = self.portfolios(number)
        for serial, ((name, trade), owner) in enumerate(zip(firms(self.rng, number), owners, strict=True), 1):
            enterprise = self.enterprise(serial, name, trade, homes[owner.pk])
            self.district.enterprises.append(enterprise)
            self.district.product[enterprise.pk] = trade[1]
            self.district.cared_for.setdefault(owner.pk, []).append(enterprise)
            self.district.cadre_of[enterprise.pk] = owner
            self.loader.add(Assignment(cadre=owner, enterprise=enterprise, valid_from=SINCE))

    def portfolios(self, number: int) -> list[Cadre]:
        """Whose each enterprise is: about as many for everybody, a few more or less, most in 15 to 25."""
        cadres = self.district.cadres
        owners = [cadres[n % len(cadres)] for n in range(number)]
        for _ in range(number // 12):
            place = self.rng.randrange(len(cadres), number) if number > len(cadres) else 0
            owners[place] = self.rng.choice(cadres[1:] or cadres)
        return owners

    def enterprise(self, serial: int, name: str, trade: tuple[str, str, str], street: Unit) -> Enterprise:
        rng = self.rng
        park = rng.choice(PARKS[street.code])
        enterprise = Enterprise(
            code=credit_code(serial), name=name, pinyin=initials(name), street=street, park=park, industry=trade[2],
            address=f"{street.name}{rng.choice(ROADS)} {rng.randint(1, 299)} 号{park} {rng.randint(1, 12)} 栋",
            size=rng.choice(SIZES), is_key=rng.random() < 0.08, phone=phone(rng),
            contact=f"{person(rng)}（{rng.choice(TITLES)}）",
        )  # fmt: skip
        return self.loader.keep(enterprise)

    def speaker(self, enterprise: Enterprise) -> User:
        """The person who speaks for the enterprise, made when first needed."""
        speakers = self.district.speaker
        if enterprise.pk not in speakers:
            first = enterprise.pk == self.first_enterprise.pk
            login = self.logins["enterprise"]
            name = enterprise.contact.split("（")[0]
            user = self.user(login.username, login.name) if first else self.user(f"qy{len(speakers):05d}", name)
            self.loader.add(Representative(user=user, enterprise=enterprise, valid_from=SINCE))
            speakers[enterprise.pk] = user
        return speakers[enterprise.pk]

    @property
    def first_enterprise(self) -> Enterprise:
        """The one to sign in as; it belongs to the cadre to sign in as."""
        return self.district.cared_for[self.district.cadres[0].pk][0]


def credit_code(serial: int) -> str:
    """A 统一社会信用代码 of area 449999, which does not exist, with both of its check digits (GB 11714, GB 32100)."""
    body = f"MA{serial:06d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum((int(c) if c.isdigit() else ord(c) - 55) * w for c, w in zip(body, weights, strict=True))
    code = f"91449999{body}{'0123456789X'[-total % 11]}"
    return code + uscc.calc_check_digit(code)
