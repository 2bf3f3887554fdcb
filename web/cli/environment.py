"""Reads the settings from the environment; the only place that does."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version
from ipaddress import ip_network
from pathlib import Path

import click

from engine.settings import MOST_HOPS, Settings

KEY_BYTES = 32
ONLY_NODE = "local"
_YES = frozenset({"1", "yes", "true", "on"})


def settings(
    *, demo: bool = False, worker: bool = True, role: str = "server", source: Mapping[str, str] = os.environ
) -> Settings:
    """Return the settings of this installation. Raises click.UsageError for a value that cannot be used."""
    data = Path(source.get("DOUDI_DATA", "var"))
    language = spoken(source)
    if language not in ("zh", "en"):
        raise click.UsageError(f"Expected DOUDI_LANGUAGE to be zh or en, but it is {language!r}.")
    return Settings(
        database_url=source.get("DOUDI_DATABASE_URL") or f"sqlite:///{(data / 'doudi.db').absolute()}",
        master_key=_master_key(Path(source.get("DOUDI_MASTER_KEY_FILE") or data / "master.key"), create=demo),
        library=library_folder(source),
        data=data,
        demo=demo,
        language=language,
        city=source.get("DOUDI_CITY", "4107"),
        departments_url=source.get("DOUDI_DEPARTMENTS_URL", ""),
        node=source.get("DOUDI_NODE", ONLY_NODE),
        worker=worker,
        role=role,
        application_version=version("doudi"),
        most_hops=_most_hops(source.get("DOUDI_MOST_HOPS", "")),
        metrics_from=_networks(source.get("DOUDI_METRICS_FROM", "")),
        secure_cookies=source.get("DOUDI_SECURE_COOKIES", "").lower() in _YES,
    )


def share_metrics(chosen: Settings, folder: Path) -> Settings:
    """Return the settings of processes that tell what they measured together, by files in this folder.

    To be called before anything is measured: the library looks for the folder once, when it is imported.
    """
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    return replace(chosen, metrics_folder=folder)


def own_node(chosen: Settings) -> Settings:
    """Return the settings with a node of this process's own, unless DOUDI_NODE names it.

    Where several processes run jobs each needs its own name: under a shared one nobody notices that one of them died.
    """
    if chosen.node != ONLY_NODE:
        return chosen
    return replace(chosen, node=f"{socket.gethostname()}-{os.getpid()}")


def library_folder(source: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of processes."""
    return Path(source.get("DOUDI_LIBRARY", "bpmn"))


def spoken(source: Mapping[str, str] = os.environ) -> str:
    """Return the language in which findings are told."""
    return source.get("DOUDI_LANGUAGE", "zh")


def keep_key(path: Path, content: bytes) -> None:
    """Write a new key file. Raises FileExistsError when there is one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Created with its final rights: a key readable by others for a moment is a key known to others.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())


def _networks(listed: str) -> tuple[str, ...]:
    found = tuple(one.strip() for one in listed.split(",") if one.strip())
    for one in found:
        try:
            ip_network(one)
        except ValueError:
            raise click.UsageError(
                f"Expected addresses or networks in DOUDI_METRICS_FROM, such as 10.0.0.5 or 10.0.0.0/24, but got {one!r}."
            ) from None
    return found


def _most_hops(given: str) -> int:
    if not given:
        return MOST_HOPS
    if not given.isascii() or not given.isdecimal() or int(given) == 0:
        raise click.UsageError(f"Expected DOUDI_MOST_HOPS to be a whole number from 1 on, but it is {given!r}.")
    return int(given)


def _master_key(path: Path, *, create: bool) -> bytes:
    if not path.exists():
        if not create:
            raise click.UsageError(
                f"Expected the master key in {path}, but there is no such file. Create it once with "
                f"`head -c {KEY_BYTES} /dev/urandom > {path}`, keep it apart from backups, or name it in "
                "DOUDI_MASTER_KEY_FILE."
            )
        keep_key(path, secrets.token_bytes(KEY_BYTES))
    key = path.read_bytes()
    if not key or len(key) % KEY_BYTES:
        raise click.UsageError(f"Expected {KEY_BYTES} bytes in {path}, or more after a change, but it has {len(key)}.")
    return key
