"""All rows of the table of elements, in the order in which the page tells them."""

from __future__ import annotations

from collections.abc import Mapping

from engine.diagram.tree import Diagram
from tests.engine.elements.activities import activities, gateways
from tests.engine.elements.events import events
from tests.engine.elements.row import Row
from tests.engine.spiff.drawing import diagram, end, start, user

ROWS: tuple[Row, ...] = (*activities(), *gateways(), *events())
CALLED: Mapping[str, Diagram] = {"called": diagram("called", start("qs"), user("Q"), end("qe"), "qs>Q>qe")}
