"""Keeps cases: tables, the one commit point, sealing, audit and the rows a step becomes."""
