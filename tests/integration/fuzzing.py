"""``python -m tests.integration.fuzzing FOLDER EXAMPLES SEED`` fuzzes a generated system.

The OpenAPI document says what is asked; whatever it is, no answer may be a 5xx or one that the
document doesn't have. The application runs in this process, so each system wants one of its own.
Some records are stored first, and half of the requests name them: nearly every id that a generator
thinks of is not there.
"""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, TypeAlias

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

__all__ = ["main"]

RECORDS = 6
AnyCase: TypeAlias = Case[Any]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


def main(folder: Path, examples: int, seed_: int) -> Counter[int]:
    """Ask; the statuses of the answers. The first wrong answer is raised.

    Args:
        folder: Of the managed system.
        examples: How many requests are made up.
        seed_: The same seed makes up the same requests.
    """
    sys.path.insert(0, str(folder))
    with tempfile.TemporaryDirectory() as data:
        os.environ["DATABASE_URL"] = f"sqlite:///{data}/fuzzed.db"
        app = importlib.import_module("app.main").app
        schema = schemathesis.openapi.from_asgi("/openapi.json", app)
        operations = [
            found.ok()  # type: ignore[union-attr]  # what can't be read ends the fuzz, as it should
            for found in schema.get_all_operations()
        ]
        kinds = [op.as_strategy(generation_mode=mode) for op in operations for mode in MODES]
        creates = [op.as_strategy() for op in operations if op.method == "post"]
        return _ask(kinds, creates, examples, seed_)


def _ask(kinds: list[Any], creates: list[Any], examples: int, seed_: int) -> Counter[int]:
    statuses: Counter[int] = Counter()

    def check(case: AnyCase, *excluded: Any) -> None:
        response = case.call()
        statuses[response.status_code] += 1
        # What the document can't say (a reference must be there, 5.0 is no integer) is a 422.
        case.validate_response(response, excluded_checks=[positive_data_acceptance, *excluded])

    def check_naming(case: AnyCase, record_id: int) -> None:
        """What was wrong with a case may be mended by the ids that it now has."""
        check(_naming(case, record_id), negative_data_rejection)

    options = settings(
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    @seed(seed_)
    @settings(options, max_examples=RECORDS * 2 * len(creates))
    @given(st.one_of(creates), st.integers(1, RECORDS))
    def store(case: AnyCase, record_id: int) -> None:
        check_naming(case, record_id)

    @seed(seed_)
    @settings(options, max_examples=examples)
    @given(st.one_of(kinds), st.integers(1, RECORDS * 2))
    def ask(case: AnyCase, record_id: int) -> None:
        if record_id > RECORDS:
            check(case)
        else:
            check_naming(case, record_id)

    store()
    ask()
    return statuses


def _naming(case: AnyCase, record_id: int) -> AnyCase:
    """The case with ids of records that may be there."""
    for name, value in case.path_parameters.items():
        if isinstance(value, int) or str(value).isdecimal():
            case.path_parameters[name] = record_id
    if isinstance(case.body, dict):
        for name, value in case.body.items():
            if name.endswith("_id") and isinstance(value, int):
                case.body[name] = record_id
            if name.endswith("_ids") and isinstance(value, list):
                case.body[name] = list(range(1, record_id + 1))
    return case


if __name__ == "__main__":
    found = main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    print(dict(sorted(found.items())))  # noqa: T201
