"""What can be known of a decision table before it runs: overlaps, gaps, rules that never decide."""

from engine.dmn.analysis.findings import analyse

__all__ = ["analyse"]
