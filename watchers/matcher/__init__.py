"""Finds statements about the future in text. Pure: no clock, no files written, no network."""
