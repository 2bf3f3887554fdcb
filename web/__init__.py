"""HTTP and HTML: parse, call one command or query, render."""
