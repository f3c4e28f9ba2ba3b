"""Which rules some patch is for; apart from the patches, whose library takes long to import."""

from __future__ import annotations

__all__ = ["LINTER_FIXED", "PATCHABLE_RULES"]

PATCHABLE_RULES = frozenset(
    {
        "awaits",
        "constraints",
        "datetimes",
        "docstrings",
        "error_handling",
        "error_responses",
        "http_status",
        "indexes",
        "logging",
        "own_calls",
        "primary_key",
        "response_models",
        "test_assertion",
        "transactions",
        "type_hints",
        "undefined_names",
        "unused_names",
    }
)
"""Rules with patches of their own."""

LINTER_FIXED = frozenset({"pep8", "shared_values"})
"""Rules whose findings the linter mends itself, where it is sure that nothing else changes."""
