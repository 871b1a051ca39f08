"""What people see in Discord: Components V2 layouts, built from plain data."""
