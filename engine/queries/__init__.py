"""Questions: one a file, each answered inside the asker's scope."""
