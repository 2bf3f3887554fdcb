"""Resources: the diagram of a deployed version, under the key its deployment returned."""

from __future__ import annotations

from engine.queries.search.definitions import find_definition
from web.api.operation import Operation
from web.api.shapes import TENANT, Answer
from web.context import actor, runtime, tx


class Resource(Answer):
    """A diagram as it was deployed."""

    resource_key: str
    resource_id: str
    resource_name: str
    version: int
    version_tag: str | None = None
    tenant_id: str = TENANT


def get_resource(resource_key: int) -> Resource:
    """Return what a deployed diagram is called."""
    line = find_definition(runtime(), tx(), actor(), resource_key)
    return Resource(
        resource_key=str(line.key), resource_id=line.process, resource_name=f"{line.process}.bpmn", version=line.version
    )


OPERATIONS = (Operation("GET", "/resources/{resourceKey}", get_resource, "see_definition", answer=Resource),)
