"""Killing the bot and its watchers at random instants, and seeing that nothing was lost and nothing said twice."""
