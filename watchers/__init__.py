"""Understands the news: fetch, read, match, decide. Knows neither the database nor Discord."""
