"""gunicorn inside this process: threads on one worker for SQLite, several workers on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from shutil import rmtree
from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # ships no types

from engine.jobs import Heartbeat, Worker, start_heartbeat, start_worker
from engine.settings import Settings
from engine.store import business_clock
from web.cli.environment import own_node
from web.cli.logs import QuietLogger, set_up


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """Serves the application; each worker process builds its own runtime after the fork."""

    def __init__(self, settings: Settings, options: dict[str, Any], ready: Callable[[], None] | None = None) -> None:
        self.settings = settings
        self.chosen = options
        self.ready = ready
        self.life: Worker | Heartbeat | None = None
        super().__init__()

    def load_config(self) -> None:
        """Hand the options to gunicorn."""
        for name, value in self.chosen.items():
            self.cfg.set(name, value)
        self.cfg.set("when_ready", self._when_ready)
        self.cfg.set("worker_exit", self._when_process_ends)
        if self.settings.metrics_folder is not None:
            self.cfg.set("child_exit", _forget_process)
            self.cfg.set("on_exit", lambda _arbiter: rmtree(str(self.settings.metrics_folder), ignore_errors=True))

    def run(self) -> None:
        """Serve until a signal ends the process."""
        # Imported when it is settled where processes tell what they measure; made before the fork: one that died is back
        # in a moment, and several share this memory.
        from web.cli.warm import warm_application

        self.application = warm_application(self.settings)
        super().run()

    def load(self) -> Any:
        """Return the WSGI application of one worker process, with its embedded job worker."""
        from web.app import hand_over
        from workflows.bootstrap import build_runtime

        # On PostgreSQL other machines may serve too; the one process on a SQLite file takes up what it left.
        alone = self.chosen["workers"] == 1 and self.settings.database_url.startswith("sqlite")
        runtime = build_runtime(self.settings if alone else own_node(self.settings))
        set_up(runtime.settings.node)
        with runtime.read() as transaction:
            business_clock.use(runtime.clock, business_clock.offset(transaction))
        self.life = start_worker(runtime) if self.settings.worker else start_heartbeat(runtime)
        hand_over(self.application, runtime)
        return self.application

    def _when_process_ends(self, _arbiter: object, _process: object) -> None:
        # The threads of the job worker would keep the process alive.
        if self.life is not None:
            self.life.stop()

    def _when_ready(self, _arbiter: object) -> None:
        if self.ready is not None:
            self.ready()


def _forget_process(_arbiter: object, process: Any) -> None:
    """Leave out what a process that ended had in use; what it had counted stays counted."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(process.pid)  # type: ignore[no-untyped-call]  # the library leaves it untyped


def options(bind: str, *, threads: int, processes: int) -> dict[str, Any]:
    """Return gunicorn's options; a request longer than two minutes is given up."""
    return {
        "bind": bind,
        "worker_class": "gthread",
        "workers": processes,
        "threads": threads,
        "timeout": 120,
        "graceful_timeout": 10,
        "keepalive": 15,
        "accesslog": None,
        "loglevel": "warning",
        "logger_class": QuietLogger,
        "preload_app": False,
        "control_socket_disable": True,
    }


def serve_forever(settings: Settings, chosen: dict[str, Any], ready: Callable[[], None] | None = None) -> None:
    """Serve until a signal ends the process."""
    set_up(settings.node)
    Server(settings, chosen, ready).run()
