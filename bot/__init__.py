"""Speaks: the composition root, the ticks, Discord, the command line and the terminal."""
