"""The browser files: locked without addresses, built for old browsers, found by their names."""

from __future__ import annotations

import json
import re
from pathlib import Path

from web.bundles import DIST

ASSETS = Path(__file__).parents[2] / "web" / "assets"
BUNDLES = {"citizen.css", "citizen.js", "desk.css", "desk.js", "diagram.css", "diagram.js", "print.css"}


def test_the_lock_names_content_and_no_place_to_fetch_it_from() -> None:
    lock = json.loads((ASSETS / "package-lock.json").read_text("utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if not entry.get("integrity", "").startswith("sha512-")] == []


def test_versions_are_exact() -> None:
    package = json.loads((ASSETS / "package.json").read_text("utf-8"))
    for version in {**package["dependencies"], **package["devDependencies"]}.values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)


def test_every_bundle_is_there_under_a_name_of_its_content() -> None:
    manifest = json.loads((DIST / "manifest.json").read_text("utf-8"))
    assert set(manifest) == BUNDLES
    for name, built in manifest.items():
        stem, ending = name.split(".")
        assert re.fullmatch(rf"{stem}-[A-Z0-9]{{8}}\.{ending}", built)
        assert (DIST / built).stat().st_size > 100


def test_styles_hold_nothing_that_makes_chrome_80_drop_a_rule() -> None:
    for style in DIST.glob("*.css"):
        # A browser that cannot ask this question skips what depends on the answer.
        text = style.read_text("utf-8").replace("@supports selector(:has(*))", "")
        assert not re.search(r":where\(|:is\(|:has\(|:focus-visible|@layer|@container", text), style.name


def test_nothing_is_fetched_from_elsewhere() -> None:
    for style in DIST.glob("*.css"):
        addresses = re.findall(r"url\(([^)]+)\)|@import", style.read_text("utf-8"))
        assert [one for one in addresses if not one.strip("\"'").startswith(("data:", "./"))] == [], style.name
    for script in DIST.glob("*.js"):
        assert "sourceMappingURL" not in script.read_text("utf-8")
