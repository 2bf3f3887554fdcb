"""A small outside world for the demo and the tests: a bank, a text message gateway and the sources of the economic check over real HTTP."""

from workflows.departments.ledger import Ledger
from workflows.departments.server import Server, serve
from workflows.departments.site import Site

__all__ = ["Ledger", "Server", "Site", "serve"]
