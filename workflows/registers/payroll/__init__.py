"""The monthly payment run: rosters frozen, gates, decisions on exceptions, bank files, settlement, reconciliation."""
