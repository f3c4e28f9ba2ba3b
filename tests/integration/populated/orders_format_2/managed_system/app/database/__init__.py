"""The database of the system."""
