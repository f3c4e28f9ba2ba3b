"""The bodies and queries, one module an entity."""
