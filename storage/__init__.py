"""Remembers: tables, migrations, and one transaction per decision."""
