"""What outlives a case: regions, funds and payments, relief already given, delegations, rosters."""
