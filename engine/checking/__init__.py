"""Every check of a process folder before it may go live: files, names, expressions, soundness."""

from engine.checking.bundle import check_bundle
from engine.diagram.subject import ServiceNames

__all__ = ["ServiceNames", "check_bundle"]
