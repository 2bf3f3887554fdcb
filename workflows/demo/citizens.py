"""Invented citizens: names, identity numbers and accounts that pass every check and belong to nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from stdnum import luhn
from stdnum.cn import ric

from workflows.registers import regions

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英玉萍红建华文辉春梅志国庆兰新民永福海东"
_VILLAGES = ("东关", "西王庄", "南李庄", "北张庄", "赵堤", "杨屯", "郭庄", "大屯", "小河", "石桥", "马庄", "曹村")
_OLDEST, _YOUNGEST = date(1938, 1, 1), date(2004, 12, 31)


@dataclass(frozen=True, slots=True)
class Citizen:
    """Somebody who may need help."""

    name: str
    id_no: str
    phone: str
    place: str
    bank_account: str
    region: str


def dice(seed: int | str) -> Random:
    """Return the random numbers of a seed: invented people need to be the same each time, not secret."""
    return Random(seed)  # noqa: S311 - nothing here protects anything


def citizen(random: Random, region: str) -> Citizen:
    """Return an invented inhabitant of a township."""
    village = random.choice(_VILLAGES)
    return Citizen(
        name=person_name(random),
        id_no=identity_number(random, region),
        phone=f"13{random.choice('5678')}0373{random.randrange(10_000):04d}",
        place=f"{regions.full_name(region)}{village}村{random.randrange(1, 260)}号",
        bank_account=account(random),
        region=region,
    )


def person_name(random: Random) -> str:
    """Return an invented name of two or three characters."""
    given = "".join(random.choice(_GIVEN) for _ in range(random.choice((1, 2, 2))))
    return random.choice(_SURNAMES) + given


def identity_number(random: Random, region: str) -> str:
    """Return an identity number with a valid date and check digit."""
    birth = _OLDEST + timedelta(days=random.randrange((_YOUNGEST - _OLDEST).days))
    stem = f"{region[:6]}{birth:%Y%m%d}{random.randrange(1, 1000):03d}"
    return stem + ric.calc_check_digit(f"{stem}0")


def account(random: Random, suffix: str = "") -> str:
    """Return a bank card number that passes the Luhn check and ends with the suffix."""
    while True:
        middle = "".join(str(random.randrange(10)) for _ in range(13 - len(suffix)))
        number = f"622848{middle}{suffix}"
        if luhn.is_valid(number) and (suffix or not number.endswith(("0000", "0001"))):
            return number
