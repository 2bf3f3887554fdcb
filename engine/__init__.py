"""Runs process folders: diagrams, tables, forms, numbers and notices. Knows no benefit, no law and no web framework."""
