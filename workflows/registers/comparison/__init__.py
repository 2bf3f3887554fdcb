"""The monthly comparison of the disability subsidies: lists kept, facts read in sets, mismatches found and settled."""
