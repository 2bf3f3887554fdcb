"""The registers' own branch of migrations, joined to the engine's."""

from pathlib import Path

VERSIONS = Path(__file__).parent / "versions"
