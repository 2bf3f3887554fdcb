"""Invented families and what they own and earn; the same seed and identity number always tell the same story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from random import Random

from stdnum.cn import ric

SEED = 2026
_YEAR = 2026
_SURNAMES, _GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林", "伟芳娜敏静丽强磊军洋勇艳杰娟涛秀霞平刚桂英玉萍建华"
_PLACES = ("410702", "410703", "410711", "410721", "410724", "410725", "410782", "410783")
_VILLAGES = ("东关", "西王庄", "南李庄", "北张庄", "赵堤", "杨屯", "郭庄", "大屯", "小河", "石桥")
# What kind of life a grown person leads, and how often.
_LIVES = {
    "farmer": 34, "day_labourer": 20, "employed": 14, "two_jobs": 5, "jobless": 6,
    "driver": 6, "shopkeeper": 5, "saver": 5, "ill": 4, "in_custody": 1,
}  # fmt: skip
_PENSION_AGE, _SCHOOL_AGE, _SCHOOL_END = 60, 6, 22


@dataclass(frozen=True)
class Person:
    """Somebody the departments know something about."""

    id_no: str
    seed: int = SEED

    @property
    def random(self) -> Random:
        """Return dice that fall the same way each time for this person."""
        return Random(f"{self.seed}:{self.id_no}")  # noqa: S311 - invented people, no secret

    @property
    def born(self) -> date:
        """Return the birth date in the identity number."""
        return date(int(self.id_no[6:10]), int(self.id_no[10:12]), int(self.id_no[12:14]))

    @cached_property
    def age(self) -> int:
        """Return the age in years in the demo's year."""
        return _YEAR - self.born.year

    @cached_property
    def life(self) -> str:
        """Return what kind of life the person leads."""
        if self.age >= _PENSION_AGE:
            return "pensioner" if self.random.random() < 0.95 else "deceased"
        if self.age < _SCHOOL_AGE:
            return "infant"
        if self.age <= _SCHOOL_END:
            return "pupil"
        return self.random.choices(list(_LIVES), weights=list(_LIVES.values()))[0]

    @cached_property
    def disabled(self) -> int:
        """Return the grade of disability, 0 without one."""
        random = Random(f"{self.seed}:disability:{self.id_no}")  # noqa: S311 - as above
        return random.choice((1, 2, 2, 3, 4)) if random.random() < 0.12 else 0


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an invented family."""

    name: str
    relation: str
    person: Person


@dataclass(frozen=True, slots=True)
class Family:
    """An invented family."""

    place: str
    members: Sequence[Member]


def families(count: int = 40, seed: int = SEED) -> Sequence[Family]:
    """Return the families of the simulator, the same for the same seed."""
    random = Random(f"{seed}:families")  # noqa: S311 - as above
    return [_family(random, seed) for _ in range(count)]


def _family(random: Random, seed: int) -> Family:
    region, village = random.choice(_PLACES), random.choice(_VILLAGES)
    surname, age = random.choice(_SURNAMES), random.randrange(28, 70)
    members = [_member(random, seed, region, surname, "本人", age)]
    if random.random() < 0.7:
        members.append(_member(random, seed, region, random.choice(_SURNAMES), "配偶", age + random.randrange(-4, 5)))
    ages = [max(age - random.randrange(22, 34), 1) for _ in range(random.choice((0, 1, 1, 2)))]
    members += [_member(random, seed, region, surname, "子女", years) for years in ages]
    return Family(f"{village}村{random.randrange(1, 260)}号({region})", members)


def _member(random: Random, seed: int, region: str, surname: str, relation: str, age: int) -> Member:
    born = date(_YEAR - age, 1, 1) + timedelta(days=random.randrange(260))
    stem = f"{region}{born:%Y%m%d}{random.randrange(1, 1000):03d}"
    name = surname + "".join(random.choice(_GIVEN) for _ in range(random.choice((1, 2))))
    return Member(name, relation, Person(stem + ric.calc_check_digit(f"{stem}0"), seed))
