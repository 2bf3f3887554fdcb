"""Measures the busy roads of the product on an invented workshop: what they cost, and whether the cost stays flat."""
