"""The system's tests."""
