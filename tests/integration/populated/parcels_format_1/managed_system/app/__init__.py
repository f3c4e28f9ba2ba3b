"""The system's API."""
