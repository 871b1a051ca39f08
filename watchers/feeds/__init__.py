"""From an address on the web to articles as plain text."""
