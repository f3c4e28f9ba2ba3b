"""``python -m tests.integration.regenerate_golden`` rewrites the golden trees of generated systems.

Each case is a folder with the requested changes (``changes.json``) and the files that they must
give (``managed_system/``). The difference is to be read like code.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from baes.spec.changes import Change
from baes.spec.codec import change_from_json
from tests.integration.managed_system import artifacts_of

__all__ = ["GOLDEN", "cases", "changes_of", "files_of"]

GOLDEN = Path(__file__).parent / "golden"


def cases() -> list[Path]:
    """The folders of the cases."""
    return sorted(path.parent for path in GOLDEN.glob("*/changes.json"))


def changes_of(case: Path) -> tuple[Change, ...]:
    """What a case asks for."""
    stored = json.loads((case / "changes.json").read_text(encoding="utf-8"))
    return tuple(change_from_json(change) for change in stored)


def files_of(folder: Path) -> dict[str, str]:
    """Path under a folder -> content, of all files but caches."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {"__pycache__", ".pytest_cache"} & set(path.parts)
    }


def main() -> None:
    """Write what the generator makes today."""
    for case in cases():
        folder = case / "managed_system"
        shutil.rmtree(folder, ignore_errors=True)
        for artifact in artifacts_of(changes_of(case))[1]:
            target = folder / artifact.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(artifact.content, encoding="utf-8")


if __name__ == "__main__":
    main()
