"""The demonstration: three invented outlets on loopback, and the real bot reading them."""
