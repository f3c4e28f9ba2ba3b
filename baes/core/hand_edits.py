"""What a person changed in generated files, shown line by line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path

from baes.core.durable_files import sha256_of
from baes.errors import NeedsOverwrite
from baes.texts import Message

__all__ = ["edits_question"]

FILES_SHOWN = 5
LINES_SHOWN = 20


def edits_question(
    system: Path, paths: list[str], *, originals: Mapping[str, str], known: Mapping[str, str]
) -> NeedsOverwrite:
    """Asks whether edited files shall be replaced, and shows what would be lost.

    Args:
        system: The managed system's folder.
        paths: The edited files, relative to it.
        originals: Path -> what can be generated again of the present release.
        known: Path -> hash of what was generated; an original that differs (of another version of
            the templates) is not compared with.
    """
    same = {p: o for p, o in originals.items() if sha256_of(o.encode()) == known.get(p)}
    lines = [
        line
        for path in paths
        if path in same and (system / path).exists()
        for line in _difference(path, same[path], _read(system / path))
    ]
    files = _shortened(paths, FILES_SHOWN, ", ")
    if not lines:
        return NeedsOverwrite.of("core.error.edited", files=files)
    shown = _shortened(lines, LINES_SHOWN, "\n")
    return NeedsOverwrite.of("core.error.edited_lines", files=files, lines=shown)


def _difference(path: str, original: str, current: str) -> Iterator[str]:
    old, new = original.splitlines(), current.splitlines()
    for tag, i, end, j, new_end in difflib.SequenceMatcher(None, old, new).get_opcodes():
        if tag != "equal":
            yield from (f"{path}:{n}: - {old[n - 1]}" for n in range(i + 1, end + 1))
            yield from (f"{path}:{n}: + {new[n - 1]}" for n in range(j + 1, new_end + 1))


def _shortened(items: list[str], most: int, separator: str) -> object:
    shown = separator.join(items[:most])
    if len(items) <= most:
        return shown
    return Message.of("core.open.more", shown=shown, count=len(items) - most)


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")
