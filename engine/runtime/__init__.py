"""One configured engine: where commands find the database, the clock, the keys and the bureau's handlers."""

from engine.runtime.loaded import LoadedDefinition
from engine.runtime.published import Published
from engine.runtime.runtime import Connector, LocalHandler, OptionSource, Regions, RemoteRequest, Runtime

__all__ = [
    "Connector",
    "LoadedDefinition",
    "LocalHandler",
    "OptionSource",
    "Published",
    "Regions",
    "RemoteRequest",
    "Runtime",
]
