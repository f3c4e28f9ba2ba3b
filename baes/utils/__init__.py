"""Services for every room: templates, metrics."""
