"""Imported by the process that tests fork servers from: they need not compile what this one has compiled."""

from engine.settings import Settings
from web.cli.warm import warm_application

warm_application(Settings(database_url="sqlite://", master_key=bytes(32)))
