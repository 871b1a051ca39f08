"""Pictures of follow-ups; matplotlib lives here."""
