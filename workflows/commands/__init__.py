"""What people do with the registers outside any case, one verb a file."""
