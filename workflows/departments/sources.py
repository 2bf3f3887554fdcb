"""What each source of the economic check says about a person: one function a source, and their table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random
from typing import Any

from workflows.departments.households import SEED, Person

Item = Mapping[str, Any]
Says = Callable[[Person], Iterable[Item]]
_MONTHLY, _YUAN, _AS_OF = "元/月", "元", "2026-08-31"
_EARNS = frozenset({"employed", "two_jobs", "shopkeeper"})
_CARD_ENDS = "2026-06-30"


def human_resources(person: Person) -> Iterable[Item]:
    """Yield pensions, insured wages and unemployment benefit."""
    if person.life == "pensioner":
        yield _item("pension", _between(person, "pension", 40, 140), _MONTHLY)
        yield _item("central_pension", 123, _MONTHLY)
    if person.life in ("employed", "two_jobs"):
        yield _item("wage_base", wage(person), _MONTHLY)
        yield _item("insured_months", _between(person, "months", 3, 180), "月")
    if person.life == "jobless":
        yield _item("unemployment_benefit", 1600, _MONTHLY)


def housing(person: Person) -> Iterable[Item]:
    """Yield dwellings and other buildings."""
    if person.age >= 25 and _happens(person, "house", 0.55):
        second = person.life in ("shopkeeper", "saver") and _happens(person, "second house", 0.4)
        yield _item("dwelling", 2 if second else 1, "套")
        yield _item("dwelling_area", _between(person, "area", 60, 240), "平方米")
    if person.life == "shopkeeper" and _happens(person, "shop", 0.5):
        yield _item("non_residential", 1, "套", "临街商铺")


def police(person: Person) -> Iterable[Item]:
    """Yield the registration, vehicles, deaths and custody."""
    yield _item("hukou", None, "", f"户籍地区划代码 {person.id_no[:6]}")
    if person.life == "deceased":
        yield _item("death", None, "", "已注销户口")
    if person.life == "in_custody":
        yield _item("custody", None, "", "在押")
    if person.life == "driver":
        yield _item("vehicle", 1, "辆", "小型轿车")
    elif person.life in ("farmer", "day_labourer") and _happens(person, "tricycle", 0.3):
        yield _item("vehicle_exempt", 1, "辆", "三轮摩托车")


def disabled_federation(person: Person) -> Iterable[Item]:
    """Yield the disability card."""
    if person.disabled:
        yield _item("disability_grade", person.disabled, "级")
        if _happens(person, "card", 0.15):
            yield _item("disability_expired", None, "", f"证件有效期至 {_CARD_ENDS}")


def tax(person: Person) -> Iterable[Item]:
    """Yield declared income; two jobs declare more than one insures."""
    if person.life in _EARNS:
        more = 1.9 if person.life == "two_jobs" else 1
        yield _item("tax_income", round(wage(person) * more), _MONTHLY)


def market(person: Person) -> Iterable[Item]:
    """Yield capital subscribed in enterprises."""
    if person.life == "shopkeeper":
        yield _item("enterprise_capital", _between(person, "capital", 2, 40) * 10_000, _YUAN, "个体工商户、公司股东")


def housing_fund(person: Person) -> Iterable[Item]:
    """Yield contributions to the housing fund."""
    if person.life in ("employed", "two_jobs") and _happens(person, "fund", 0.4):
        yield _item("housing_fund", round(wage(person) * 0.1), _MONTHLY)


def civil_affairs(person: Person) -> Iterable[Item]:
    """Yield marriage and other assistance."""
    if person.age >= 24 and _happens(person, "marriage", 0.7):
        yield _item("marriage", None, "", "已婚")
    if person.disabled and _happens(person, "subsidy", 0.5):
        yield _item("disability_subsidy", 60, _MONTHLY)


def medical_insurance(person: Person) -> Iterable[Item]:
    """Yield what a patient paid."""
    if person.life == "ill":
        yield _item("medical_self_pay", _between(person, "bills", 500, 3000), _MONTHLY, "住院及门诊慢特病")


def education(person: Person) -> Iterable[Item]:
    """Yield enrolment."""
    if person.life == "pupil":
        yield _item("enrolment", None, "", "在校")


def justice(person: Person) -> Iterable[Item]:
    """Yield persons under correction in the community."""
    if person.life == "in_custody" and _happens(person, "correction", 0.3):
        yield _item("consumption", None, "", "社区矫正对象")


def finance(person: Person) -> Iterable[Item]:
    """Yield deposits, securities and insurance."""
    if person.age >= 16:
        rich = person.life in ("saver", "shopkeeper")
        yield _item("deposit", _between(person, "deposit", 12_000, 160_000) if rich else _little(person), _YUAN)
    if person.life == "saver" and _happens(person, "shares", 0.5):
        yield _item("securities", _between(person, "shares held", 5_000, 60_000), _YUAN)


SOURCES: Mapping[str, tuple[str, Says]] = {
    "human_resources": ("人社", human_resources),
    "housing": ("房管(住建、不动产)", housing),
    "police": ("公安", police),
    "disabled_federation": ("残联", disabled_federation),
    "tax": ("税务", tax),
    "market": ("市场监管", market),
    "housing_fund": ("公积金", housing_fund),
    "civil_affairs": ("民政内部", civil_affairs),
    "medical_insurance": ("医保", medical_insurance),
    "education": ("教育", education),
    "justice": ("司法", justice),
    "finance": ("银行、证券、保险、非银行支付", finance),
}


def answer(source: str, members: Sequence[Mapping[str, str]], seed: int = SEED) -> list[dict[str, Any]]:
    """Return what the source holds about the members, each item with the member's number. Raises KeyError."""
    _, says = SOURCES[source]
    return [{"member": member["member"], **item} for member in members for item in says(Person(member["id_no"], seed))]


def wage(person: Person) -> int:
    """Return a monthly wage."""
    return _between(person, "wage", 18, 52) * 100


def _item(code: str, number: int | None, unit: str, text: str = "") -> Item:
    return {"code": code, "number": number, "unit": unit, "text": text, "as_of": _AS_OF}


def _little(person: Person) -> int:
    return _between(person, "deposit", 0, 90) * 100


def _between(person: Person, what: str, low: int, high: int) -> int:
    return _dice(person, what).randrange(low, high)


def _happens(person: Person, what: str, share: float) -> bool:
    return _dice(person, what).random() < share


def _dice(person: Person, what: str) -> Random:
    return Random(f"{person.seed}:{what}:{person.id_no}")  # noqa: S311 - invented people, no secret
