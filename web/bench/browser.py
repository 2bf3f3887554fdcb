"""A browser as far as measuring needs one: keeps cookies and its connection, posts forms as pages make them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from html import unescape
from http.client import HTTPConnection, HTTPException, RemoteDisconnected
from http.cookies import SimpleCookie
from re import compile as pattern
from urllib.parse import urlencode, urlsplit

_INPUT = pattern(r"<input\s[^>]*type=\"hidden\"[^>]*>")
_ATTRIBUTE = pattern(r"(\w+)=\"([^\"]*)\"")
_TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Page:
    """An answer of the server."""

    status: int
    headers: Message
    text: str

    @property
    def hidden(self) -> dict[str, str]:
        """Return the hidden inputs of the page: tokens, revision, names; the last of each name."""
        found = (dict(_ATTRIBUTE.findall(tag)) for tag in _INPUT.findall(self.text))
        return {tag["name"]: unescape(tag.get("value", "")) for tag in found if "name" in tag}


class Browser:
    """One person's browser. Raises OSError or HTTPException when the server goes away."""

    def __init__(self, address: str, timeout: float = _TIMEOUT_SECONDS) -> None:
        parts = urlsplit(address)
        self._connection = HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=timeout)
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Page:
        """Return the page at the path; like a browser it asks again when its idle connection had been closed."""
        try:
            return self._ask("GET", path)
        except RemoteDisconnected:
            return self._ask("GET", path)

    def post(self, path: str, fields: Mapping[str, str], files: Sequence[tuple[str, str, bytes]] = ()) -> Page:
        """Return the answer to a posted form, sent in parts when there are ``files``: (input, file name, content)."""
        if not files:
            return self._ask("POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded")
        boundary = secrets.token_hex(16)
        parts = [(f'name="{name}"', value.encode()) for name, value in fields.items()]
        parts += [(f'name="{name}"; filename="{file}"', content) for name, file, content in files]
        head = f"--{boundary}\r\nContent-Disposition: form-data; "
        written = b"".join(f"{head}{about}\r\n\r\n".encode() + content + b"\r\n" for about, content in parts)
        body = written + f"--{boundary}--\r\n".encode()
        return self._ask("POST", path, body, f"multipart/form-data; boundary={boundary}")

    def sign_in(self, login: str, password: str) -> None:
        """Begin a session. Raises PermissionError when the server refuses."""
        token = self.get("/sign-in").hidden["csrf"]
        page = self.post("/sign-in", {"csrf": token, "login": login, "password": password})
        if page.status != 303:
            raise PermissionError(f"Expected a session for {login}, but the server answered {page.status}.")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> Page:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if kind:
            headers["Content-Type"] = kind
        page = self._answer(method, path, body, headers)
        for line in page.headers.get_all("Set-Cookie", []):
            self._cookies.update({name: morsel.value for name, morsel in SimpleCookie(line).items()})
        return page

    def _answer(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Page:
        try:
            self._connection.request(method, path, body, dict(headers))
            response = self._connection.getresponse()
            return Page(response.status, response.headers, response.read().decode(errors="replace"))
        except (OSError, HTTPException):
            # Half a conversation cannot be taken up again: the next request begins a new one.
            self._connection.close()
            raise
