"""What a department lists of a county for the comparison of the disability subsidies, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from engine.runtime import Connector, RemoteRequest
from workflows.connectors.http import Department, DepartmentError

Row = Mapping[str, Any]
_CARD_NO, _LONGEST = 20, 100
_KINDS = ("sight", "hearing", "speech", "limb", "intellect", "mental", "multiple")


def sub2_list(departments: Department) -> Connector:
    """Return the connector that asks ``source`` for the page of its list that begins at ``cursor``.

    It returns ``page`` and the next ``cursor``, empty after the last page. Raises DepartmentError for a page that cannot
    be relied on: half a list must not look like a whole one.
    """

    def connect(request: RemoteRequest) -> Mapping[str, Any]:
        source = str(request.variables["source"])
        asked = {name: str(request.variables.get(name) or "") for name in ("county", "month", "cursor")}
        answer = departments.post(f"/lists/{source}", request.key, {**asked, "case": str(request.case["number"])})
        rows, cursor = answer.body.get("rows"), answer.body.get("next")
        if not answer.accepted or not isinstance(rows, list) or not isinstance(cursor, str):
            raise DepartmentError(f"/lists/{source}: expected rows and the next page")
        try:
            return {"page": read_page(source, rows), "cursor": cursor}
        except (TypeError, ValueError, IndexError, KeyError) as error:
            raise DepartmentError(f"/lists/{source}: a row that cannot be read ({type(error).__name__})") from error

    return connect


def read_page(source: str, rows: Iterable[Any]) -> list[Row]:
    """Return the source's rows by name. Raises KeyError, IndexError, TypeError or ValueError where one cannot be read."""
    return [_READ[source](row) for row in rows]


def _card(row: Any) -> Row:
    """A card's last two digits are its kind and grade."""
    id_no, name, phone, suffix, ends_on, renewal_on, care_need, region = row
    card_no = f"{_id_no(id_no)}{suffix}"
    if len(card_no) != _CARD_NO or not suffix.isdigit() or suffix[1] not in "1234" or not isinstance(care_need, bool):
        raise ValueError
    return {
        "id_no": id_no, "name": _text(name), "phone": _text(phone), "card_no": card_no,
        "kind": _KINDS[int(suffix[0]) - 1], "grade": int(suffix[1]), "ends_on": _day(ends_on),
        "renewal_on": _day(renewal_on), "care_need": care_need, "region": _text(region),
    }  # fmt: skip


def _police(row: Any) -> Row:
    id_no, died_on, home = row
    return {"id_no": _id_no(id_no), "died_on": _day(died_on), "home": _text(home or "") or None}


def _in_custody(row: Any) -> Row:
    (id_no,) = row
    return {"id_no": _id_no(id_no), "custody": True}


def _work_injury(row: Any) -> Row:
    (id_no,) = row
    return {"id_no": _id_no(id_no), "work_injury": True}


_READ: Mapping[str, Callable[[Any], Row]] = {
    "disabled_federation": _card,
    "police": _police,
    "justice": _in_custody,
    "human_resources": _work_injury,
}


def _id_no(value: Any) -> str:
    if not isinstance(value, str) or len(value) != 18:
        raise ValueError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise ValueError
    return value


def _day(value: Any) -> date | None:
    return None if value is None else date.fromisoformat(value)
