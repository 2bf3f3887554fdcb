"""The service types that this installation answers."""

from __future__ import annotations

from engine.checking import ServiceNames


def known_services() -> ServiceNames:
    """Return the service types with a handler here; those of outside workers stand in the library itself."""
    from engine.settings import Settings
    from workflows.bootstrap import build_runtime

    # Nothing is stored or sent: only the names of the handlers are asked for.
    runtime = build_runtime(Settings(database_url="sqlite://", master_key=bytes(32)))
    return ServiceNames(local=frozenset(runtime.services), remote=frozenset(runtime.connectors))
