"""What was done to a system, request by request, and what of it still stands.

Nothing is ever taken out of the history: an undo is a release of its own that names what it takes
back. Whether a request stands follows from the entries after it.
"""

from __future__ import annotations

from dataclasses import dataclass

from baes.core.context_store import ContextStore, Memory
from baes.core.project_paths import ProjectPaths
from baes.core.release_table import kept_releases
from baes.errors import RequestFailed
from baes.spec.custom import CustomPart
from baes.spec.model import SystemSpec
from baes.texts import Message

__all__ = ["Entry", "History", "read_history"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One request that changed the system."""

    memory: Memory
    before: SystemSpec | None
    """The system that it was a change of; ``None`` when that can't be read any more."""
    stands: bool
    """It was not taken back, or that was taken back itself."""
    undoes: tuple[int, ...] = ()
    """Numbers of the entries that it takes back."""
    custom_before: tuple[CustomPart, ...] = ()
    """The parts that no template expresses, as they were before it."""

    @property
    def number(self) -> int:
        """Its place in the history, which is the version that it led to."""
        return self.memory.spec.version


@dataclass(frozen=True, slots=True)
class History:
    """All that was done, the oldest first."""

    entries: tuple[Entry, ...] = ()
    damaged_lines: tuple[int, ...] = ()
    """Lines of the file that can't be read."""
    missing: tuple[int, ...] = ()
    """Numbers of the entries of which no copy was found either."""

    def last(self) -> tuple[Entry, ...]:
        """The last entry, an undo as well: what ``baes undo`` takes back.

        Raises:
            RequestFailed: Nothing was done yet.
        """
        if not self.entries:
            raise RequestFailed.of("core.error.nothing_done")
        return self.entries[-1:]

    def last_requests(self, count: int) -> tuple[Entry, ...]:
        """The last requests that stand, the newest first; undos are not counted.

        Raises:
            RequestFailed: There are not that many.
        """
        standing = [e for e in reversed(self.entries) if e.stands and not e.undoes]
        if not standing:
            raise RequestFailed.of("core.error.nothing_stands")
        if count > len(standing):
            raise RequestFailed.of(
                "core.error.too_many",
                wanted=count,
                standing=Message.of("core.open.standing", count=len(standing)),
            )
        return tuple(standing[:count])


def read_history(paths: ProjectPaths, current: Memory) -> History:
    """The history of a project.

    A line that can't be read is replaced by the copy in the database, which keeps the last ones.

    Args:
        paths: The project.
        current: What is remembered now: the last entry, whatever became of the file.
    """
    stored = ContextStore(paths).stored_history()
    copies = (*kept_releases(paths.database), current)
    known = {m.spec.version: m for m in (*copies, *stored.memories) if m.request_id}
    return History(
        _entries([known[number] for number in sorted(known)]),
        stored.damaged_lines,
        tuple(n for n in range(1, current.spec.version) if n not in known),
    )


def _entries(memories: list[Memory]) -> tuple[Entry, ...]:
    numbers = {memory.request_id: memory.spec.version for memory in memories}
    specs = {memory.spec.version: memory.spec for memory in memories} | {0: SystemSpec()}
    custom = {memory.spec.version: memory.custom for memory in memories}
    gone: set[str] = set()
    entries: list[Entry] = []
    for memory in reversed(memories):  # what takes back comes later than what it takes back
        stands = memory.request_id not in gone
        if stands:
            gone |= set(memory.undoes)
        undoes = tuple(numbers[i] for i in memory.undoes if i in numbers)
        before = memory.spec.version - 1
        entries.append(Entry(memory, specs.get(before), stands, undoes, custom.get(before, ())))
    return tuple(reversed(entries))
