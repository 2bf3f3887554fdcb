"""Lists that programs ask for: any of their columns filters and sorts, one page at a time."""
