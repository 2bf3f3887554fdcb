"""Finds a Chromium that draws Chinese, or installs one: ``python -m tests.e2e.browser.chromium`` prints its path.

The order: $CHROME, the PATH, apt when root, else Chromium and a font from npm, unpacked below the virtual environment.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from tests import npm

HERE = Path(__file__).parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")

_OWN = Path(sys.prefix) / "browser"
_LAUNCHER = _OWN / "chromium"
_FONT = Path("node_modules/@expo-google-fonts/noto-sans-sc")
_PACKED = Path("node_modules/@sparticuz/chromium/bin")
_FONTS_CONF = """<?xml version="1.0"?>
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""
_LAUNCHER_TEXT = """#!/bin/sh
export FONTCONFIG_FILE="{conf}"
export LD_LIBRARY_PATH="{libraries}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"
exec "{program}" "$@"
"""


def find() -> Path | None:
    """Return the browser that is here already, None when there is none."""
    chosen = os.environ.get("CHROME")
    if chosen:
        return Path(chosen)
    if _runs(_LAUNCHER):
        return _LAUNCHER
    return next((Path(path) for path in map(shutil.which, NAMES) if path and _runs(Path(path))), None)


def provide() -> Path:
    """Return a browser that draws Chinese, installed when it is missing. Raises when it cannot be had."""
    found = find()
    if found is not None and (os.environ.get("CHROME") or found == _LAUNCHER or _draws_chinese()):
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _install_with_apt()
        found = find()
        if found is not None and _draws_chinese():
            return found
    return _install_from_npm(found)


def _runs(program: Path) -> bool:
    # A name on the PATH may be a stub that only tells how to install the browser.
    if not program.exists():
        return False
    tried = subprocess.run([program, "--version", *FLAGS], capture_output=True, timeout=60, check=False)
    return tried.returncode == 0


def _draws_chinese() -> bool:
    if sys.platform == "darwin":
        return True
    if shutil.which("fc-list") is None:
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout.strip())


def _install_with_apt() -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    packages = ("chromium", "fonts-noto-cjk", "fontconfig")
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", *packages]):
        # Without a mirror in reach the packages from npm remain.
        if subprocess.run(command, env=environment, stdout=sys.stderr, check=False).returncode:
            return


def _install_from_npm(browser: Path | None) -> Path:
    npm.install(HERE, _OWN.name)
    fonts = _OWN / "fonts"
    fonts.mkdir(exist_ok=True)
    for weight in ("400Regular", "700Bold"):
        for file in (_OWN / _FONT).rglob(f"*_{weight}.ttf"):
            shutil.copy(file, fonts / file.name)
    libraries = _OWN / "lib"
    program = browser or _unpack()
    conf = _OWN / "fonts.conf"
    conf.write_text(_FONTS_CONF.format(fonts=fonts, cache=_OWN / "cache"), "utf-8")
    _LAUNCHER.write_text(_LAUNCHER_TEXT.format(conf=conf, libraries=libraries, program=program), "utf-8")
    _LAUNCHER.chmod(0o755)
    shutil.rmtree(_OWN / "node_modules")
    if not _runs(_LAUNCHER):
        raise SystemExit(f"Expected {program} to run, but it does not: name a Chromium in $CHROME.")
    return _LAUNCHER


def _unpack() -> Path:
    for packed, name in (("chromium.br", "chrome"), ("al2023.tar.br", "al2023.tar"), ("swiftshader.tar.br", "gl.tar")):
        subprocess.run([npm.NODE, HERE / "inflate.mjs", _OWN / _PACKED / packed, _OWN / name], check=True)
    for name in ("al2023.tar", "gl.tar"):
        with tarfile.open(_OWN / name) as archive:
            archive.extractall(_OWN, filter="data")
        (_OWN / name).unlink()
    program = _OWN / "chrome"
    program.chmod(0o755)
    return program


if __name__ == "__main__":
    print(provide())
