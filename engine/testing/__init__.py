"""What tests of an engine need, shipped with it: real databases, people, places, a clock that stands still.

``engine.testing.fixtures`` is a pytest plugin; a test package overrides its ``kit`` fixture.
"""

from engine.testing.databases import Databases, PostgresServer, SqliteFiles
from engine.testing.kit import NOW, Kit, engine_on
from engine.testing.places import PLACES, Places
from engine.testing.staff import Staff
from engine.testing.work import Desk

__all__ = [
    "NOW",
    "PLACES",
    "Databases",
    "Desk",
    "Kit",
    "Places",
    "PostgresServer",
    "SqliteFiles",
    "Staff",
    "engine_on",
]
