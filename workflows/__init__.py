"""The bureau's side: what diagrams call by name, and what outlives a case."""
