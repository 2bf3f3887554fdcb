"""Headers, cookies, tokens, addresses that lead away."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.runtime import Runtime
from web.app import create_app
from web.dispatch import Application

PAGES = ("/", "/progress", "/sign-in", "/apply/relief", "/nothing/here")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_protected(browser: object, page: str) -> None:
    headers = browser.get(page).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_nothing_is_written_inline_and_nonces_differ(browser: object, signed_in: Callable[[str], object]) -> None:
    desk = signed_in("operator")
    pages = [browser.get("/").get_data(as_text=True), desk.get("/desk/").get_data(as_text=True)]
    for page in pages:
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style", page)
        assert all("nonce=" in tag and "src=" in tag for tag in re.findall(r"<script[^>]*>", page))
    nonces = [re.search(r"nonce-([^']+)'", desk.get("/desk/").headers["Content-Security-Policy"])[1] for _ in range(2)]
    assert nonces[0] != nonces[1]


def test_no_page_asks_anybody_else_for_anything(browser: object, signed_in: Callable[[str], object]) -> None:
    desk = signed_in("publisher")
    for page in (browser.get("/"), desk.get("/design/relief"), desk.get("/design/upload")):
        addresses = re.findall(r'(?:src|href|action)="([^"]+)"', page.get_data(as_text=True))
        assert addresses
        assert [one for one in addresses if not one.startswith(("/", "#", "tel:"))] == []


def test_a_form_without_the_browsers_token_changes_nothing(
    signed_in: Callable[[str], object], app: Application
) -> None:
    person = signed_in("administrator")
    for token in ("", "0" * 40):
        answer = person.client.post("/admin/people", data={"csrf": token, "login": "eve"})
        assert answer.status_code == 403
        assert "没有保存任何内容" in answer.get_data(as_text=True)
    other = app.test_client()
    foreign = re.search(r'name="csrf" value="([^"]+)"', other.get("/sign-in").get_data(as_text=True))[1]
    assert person.client.post("/admin/people", data={"csrf": foreign, "login": "eve"}).status_code == 403


def test_signing_in_voids_the_forms_from_before(browser: object) -> None:
    browser.get("/sign-in")
    before = browser.hidden("csrf")
    browser.sign_in("operator")
    assert browser.client.post("/sign-out", data={"csrf": before}).status_code == 403


def test_cookies_are_locked_to_the_host_behind_https(runtime: Runtime) -> None:
    runtime.settings = replace(runtime.settings, secure_cookies=True)
    client = create_app(runtime).test_client()
    answer = client.get("/sign-in", base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-form=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_five_wrong_passwords_lock_the_login(browser: object) -> None:
    browser.get("/sign-in")
    for _ in range(5):
        answer = browser.post("/sign-in", login="operator", password="wrong")
        assert answer.status_code == 422
    locked = browser.sign_in("operator")
    assert locked.status_code == 422
    assert "锁定" in locked.get_data(as_text=True)


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_site(browser: object, away: str) -> None:
    browser.get("/sign-in")
    assert (
        browser.post("/sign-in", login="operator", password="a long enough password", next=away).headers["Location"]
        == "/desk/"
    )
    assert browser.get(f"/language/en?next={away}").headers["Location"] == "/"


def test_signing_in_leads_to_where_one_wanted(browser: object) -> None:
    asked = browser.get("/desk/cases?q=x")
    assert asked.status_code == 302
    page = browser.get(asked.headers["Location"])
    assert page.status_code == 200
    answer = browser.press("/sign-in", login="operator", password="a long enough password")
    assert answer.headers["Location"] == "/desk/cases?q=x"
