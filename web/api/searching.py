"""Bodies of searches, made from the columns of a list: filter, sort, page; and their answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar, cast

import msgspec

from engine.errors import Invalid, Text
from engine.queries.search.criteria import Columns, Condition, Criteria, Found, Order
from web.api.filters import conditions, kind_of
from web.api.operation import camel, snake
from web.api.shapes import Answer, Body, Tenant

MOST_ROWS = 1000
DEFAULT_ROWS = 100
Row = TypeVar("Row")


class SearchPage(Answer):
    """How many rows there are in all, and the cursors of the first and last row here."""

    total_items: int
    has_more_total_items: bool
    start_cursor: str | None
    end_cursor: str | None


class PageRequest(Body):
    """Which part of the list: from a position, or beyond a cursor of an earlier answer."""

    limit: Annotated[int, msgspec.Meta(ge=0, le=MOST_ROWS)] = DEFAULT_ROWS
    from_: Annotated[int, msgspec.Meta(ge=0, le=10**9)] = msgspec.field(default=0, name="from")
    after: str | None = None
    before: str | None = None


def search_body(name: str, columns: Columns) -> type[Body]:
    """Return the struct of a search over a list with these columns; anything else in it is refused."""
    filters = [(column, kind_of(f"{name}_{column}", found), msgspec.UNSET) for column, found in columns.items()]
    tenant = ("tenant_id", Tenant | msgspec.UnsetType, msgspec.UNSET)
    settings: dict[str, Any] = {"bases": (Body,), "rename": "camel", "kw_only": True, "module": __name__}
    filter_: Any = msgspec.defstruct(f"{name}Filter", [*filters, tenant], **settings)
    fields = tuple(camel(column) for column, found in columns.items() if found.sortable)
    sort: Any = msgspec.defstruct(
        f"{name}Sort", [("field", Literal[fields]), ("order", Literal["ASC", "DESC"], "ASC")], **settings
    )
    made = msgspec.defstruct(
        f"{name}Query",
        [
            ("filter", filter_ | None, None),
            ("sort", list[sort], msgspec.field(default_factory=list)),
            ("page", PageRequest, msgspec.field(default_factory=PageRequest)),
        ],
        **settings,
    )
    return cast("type[Body]", made)


def answer_of(row: type[Answer]) -> type[Answer]:
    """Return the struct of a search's answer."""
    items: Any = list[row]  # type: ignore[valid-type]  # known at run time alone
    return cast(
        "type[Answer]",
        msgspec.defstruct(
            f"{row.__name__}Page",
            [("items", items), ("page", SearchPage)],
            bases=(Answer,),
            rename="camel",
            kw_only=True,
            module=__name__,
        ),
    )


def criteria(body: Any, *more: Condition) -> Criteria:
    """Return what a search asks; ``more`` are conditions the address adds. Raises Invalid for an impossible one."""
    page = body.page
    if sum(bool(one) for one in (page.after, page.before, page.from_)) > 1:
        raise Invalid(
            Text(
                "from、after、before 只能用一个。",
                "Expected one of from, after and before; a page begins at one place.",
            )
        )
    return Criteria(
        conditions=(*conditions(body.filter), *more),
        orders=tuple(Order(snake(one.field), one.order == "DESC") for one in body.sort),
        limit=page.limit,
        skip=page.from_,
        after=page.after,
        before=page.before,
    )


def found(answer: Callable[..., Answer], page: Found[Row], render: Callable[[Row], Answer]) -> Answer:
    """Return a page of a list as the answer of its search."""
    return answer(
        items=[render(row) for row in page.rows],
        page=SearchPage(
            total_items=page.total, has_more_total_items=False, start_cursor=page.first, end_cursor=page.last
        ),
    )
