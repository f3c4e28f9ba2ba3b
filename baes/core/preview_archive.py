"""What the archive holds for a request, as a preview asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from baes.swea_agents.table_changes import SystemChange
from baes.swea_agents.value_moves import Move, value_moves

__all__ = ["Archived", "Stacks", "what_comes_back"]

Stacks = Mapping[tuple[str, str], tuple[str, ...]]
"""(kind, stable id) -> the tables of the archive, the oldest first."""
Archived = Mapping[tuple[str, str], str]
"""(kind, stable id) -> the newest table of the archive; of former values one a conversion
(``former values string to integer``), of links one a pair of ends. Under the kind ``values`` stands
what an attribute has after the request, where that comes from the archive."""

_KINDS = {"entered": "attribute", "interim": "interim values"}


def what_comes_back(change: SystemChange, stacks: Stacks) -> Archived:
    """The newest of each thing, and where attributes get their values from."""
    newest = {key: tables[-1] for key, tables in stacks.items() if tables}
    return {**newest, **dict(_values(change, stacks))}


def _values(change: SystemChange, stacks: Stacks) -> Iterator[tuple[tuple[str, str], str]]:
    for thing, moves in value_moves(change).items():
        held = {kind: list(stacks.get((kind, thing), ())) for kind in _KINDS.values()}
        table = _moved(moves, held)
        if table:
            yield ("values", thing), table


def _moved(moves: tuple[Move, ...], held: dict[str, list[str]]) -> str:
    """The table whose values a column has in the end; empty where it keeps its own."""
    has = ""
    for move in moves:
        stack = held[_KINDS[move.kept_as]]
        if move.way == "put":
            stack.append(has)
        elif stack:
            has = stack.pop()
    return has
