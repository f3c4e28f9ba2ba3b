"""The packaged templates and their catalogue."""
