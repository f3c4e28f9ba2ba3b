"""Makes records for the tests, one module an entity."""
