"""What the matcher knows of English, as data."""
