"""Tests of the rules, one module an entity."""
