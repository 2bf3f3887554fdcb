"""Whether the program that asked still listens for the answer."""

from __future__ import annotations

import socket

from flask import request


def has_gone() -> bool:
    """Return whether the caller has closed its connection; False where the server does not show the connection."""
    connection: socket.socket | None = request.environ.get("gunicorn.socket")
    if connection is None:
        return False
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
