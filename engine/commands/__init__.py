"""Verbs: what a person, a clock or an outside worker may do to a case. One verb a file, one transaction a verb."""
