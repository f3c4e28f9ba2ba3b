"""What was understood before: an LRU in memory over an SQLite file, with writes behind.

Only certain readings are kept, and each hit is checked against the text before it is used: the
folded text is the same, every literal that the answer repeats stands in the request letter by
letter, and what comes from the disk can be applied to the system. A failing check is a miss that is
logged.
"""

from __future__ import annotations

import atexit
import json
import logging
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar

from baes.core.recognition_key import (
    KeyContext,
    folded,
    frame_key,
    literals_of,
    loose_form,
    text_key,
)
from baes.core.recognition_store import (
    CACHE_VERSION,
    MAX_AGE_DAYS,
    RecognitionStore,
    StoreBusy,
    StoredRecognition,
    StoreReplaced,
    StoreUnusable,
)
from baes.errors import InvalidSpec
from baes.spec.apply import apply
from baes.spec.codec import change_to_json, interpretation_from_json, interpretation_to_json
from baes.spec.interpretation import Interpretation
from baes.spec.model import SystemSpec
from baes.texts import Message

__all__ = ["CacheStatistics", "RecognitionCache", "Tier"]

logger = logging.getLogger(__name__)
logging.getLogger("baes").addHandler(logging.NullHandler())  # warnings reach the user as notices

T = TypeVar("T")
Tier = Literal["memory", "persistent"]

MEMORY_ENTRIES = 100
FLUSH_TIMEOUT_S = 30.0
WRITE_ATTEMPTS = 4
"""How often the background thread tries to write while other processes hold the file."""


@dataclass(frozen=True, slots=True)
class CacheStatistics:
    """What the cache holds and how often it answered."""

    memory_entries: int
    disk_entries: int
    disk_bytes: int
    wordings: int
    """Disk entries that differ in more than word order, articles and number of nouns."""
    lookups: dict[str, int]
    """``memory``, ``persistent`` or ``miss`` -> count, over all sessions."""

    @property
    def hit_rate(self) -> float:
        """Share of the look-ups that a tier answered; 0 where there was none."""
        total = sum(self.lookups.values())
        return 1 - self.lookups.get("miss", 0) / total if total else 0.0


@dataclass(frozen=True, slots=True)
class _InMemory:
    """An answer, ready to be given; that it can be applied was found out before."""

    folded: str
    literals: tuple[str, ...]
    interpretation: Interpretation


@dataclass(slots=True)
class _Pending:
    """Writes that wait for the background thread."""

    kept: dict[str, StoredRecognition] = field(default_factory=dict)
    hits: Counter[str] = field(default_factory=Counter)
    lookups: Counter[str] = field(default_factory=Counter)

    def __bool__(self) -> bool:
        return bool(self.kept or self.hits or self.lookups)


class RecognitionCache:
    """Two tiers of remembered interpretations, for any number of threads and processes.

    Args:
        path: The disk tier; ``None`` for a cache that lives in memory alone.
        size: Answers that the memory tier holds.
    """

    def __init__(self, path: Path | None, size: int = MEMORY_ENTRIES) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._memory: OrderedDict[str, _InMemory] = OrderedDict()
        self._store = RecognitionStore(path, self._warn) if path else None
        self._store_lock = threading.Lock()
        self._pending = _Pending()
        self._taken = _Pending()
        self._changed = threading.Condition(self._lock)
        self._is_writing = self._is_cleaned_up = False
        self._notices: list[Message] = []

    def find_in_memory(self, text: str, context: KeyContext) -> Interpretation | None:
        """What the memory tier answers."""
        key = text_key(text, context)
        with self._lock:
            found = self._memory.get(key)
            if found is None:
                return None
            self._memory.move_to_end(key)
        if not _says(found.folded, found.literals, text):
            return None
        self._count("memory", key)
        return found.interpretation

    def find_on_disk(
        self, text: str, spec: SystemSpec, context: KeyContext
    ) -> Interpretation | None:
        """What the disk tier answers; a hit moves up into memory."""
        key = text_key(text, context)
        stored = self._stored(key)
        interpretation = _decoded(stored) if stored else None
        if stored is None or interpretation is None:
            return None
        if not _says(stored.folded, literals_of(interpretation), text):
            return None
        if not _can_be_applied(interpretation, spec):
            return None
        self._remember_in_memory(key, stored.folded, interpretation)
        self._count("persistent", key)
        return replace(interpretation, source="persistent_cache", tokens=0)

    def count_miss(self) -> None:
        """Note that neither tier answered."""
        self._count("miss", "")

    def keep(self, text: str, interpretation: Interpretation, context: KeyContext) -> None:
        """Remember a certain reading; anything else, and what came from here, is let be."""
        if not interpretation.is_certain or interpretation.source.endswith("_cache"):
            return
        key, text_folded, now = text_key(text, context), folded(text), time.time()
        self._remember_in_memory(key, text_folded, interpretation)
        entry = StoredRecognition(
            key=key,
            frame=frame_key(interpretation, context),
            folded=text_folded,
            action=interpretation.action,
            confidence=interpretation.confidence,
            source=interpretation.source,
            interpretation=json.dumps(
                interpretation_to_json(interpretation), ensure_ascii=False, separators=(",", ":")
            ),
            created_at=now,
            used_at=now,
            entities=_concerned(interpretation),
        )
        if self._store is not None:
            with self._lock:
                self._pending.kept[key] = entry
                self._start_writer()

    def forget(self, entities: Iterable[str]) -> int:
        """Delete what concerns evolved entities, in both tiers; gives how many lay on the disk."""
        names = set(entities)
        with self._lock:
            for key, kept in list(self._memory.items()):
                if names & set(_concerned(kept.interpretation)):
                    del self._memory[key]
        self.flush()
        deleted = 0
        for name in sorted(names):
            deleted += self._on_disk(partial(RecognitionStore.forget, entity=name), 0)
        return deleted

    def forget_all(self) -> int:
        """Empty both tiers; gives how many answers lay on the disk."""
        self.flush()
        with self._lock:
            self._memory.clear()
        return self._on_disk(lambda store: store.forget(), 0)

    def clean_up(self, days: float = MAX_AGE_DAYS) -> int:
        """Delete what was not used for so many days; gives how many answers that were."""
        self.flush()
        with self._lock:
            self._memory.clear()
        return self._on_disk(lambda store: store.clean_up(days), 0)

    def statistics(self) -> CacheStatistics:
        """What is there now."""
        entries = self.entries()
        path = self._store.path if self._store else None
        return CacheStatistics(
            memory_entries=len(self._memory),
            disk_entries=len(entries),
            disk_bytes=path.stat().st_size if path and path.exists() else 0,
            wordings=len({loose_form(entry.folded) for entry in entries}),
            lookups=self._on_disk(lambda store: store.lookups(), {}),
        )

    def entries(self) -> tuple[StoredRecognition, ...]:
        """What lies on the disk, the oldest first."""
        self.flush()
        return self._on_disk(lambda store: store.entries(), ())

    def add(self, entries: Iterable[StoredRecognition]) -> int:
        """Take over answers of another cache, those that are sound; gives how many."""
        sound = [entry for entry in entries if _decoded(entry) is not None]
        self._on_disk(lambda store: store.apply(kept=sound), None)
        return len(sound)

    def notices(self) -> tuple[Message, ...]:
        """What the user should know of the disk tier, once each."""
        with self._lock:
            told, self._notices = tuple(self._notices), []
        return told

    def flush(self) -> None:
        """Wait until everything that is pending is written, or can't be."""
        with self._lock:
            if self._pending:
                self._start_writer()
            self._changed.wait_for(lambda: not (self._pending or self._is_writing), FLUSH_TIMEOUT_S)

    def close(self) -> None:
        """Write what is pending and close the file; the cache may be used again."""
        self.flush()
        atexit.unregister(self.close)
        with self._store_lock:
            if self._store is not None:
                self._store.close()

    def _remember_in_memory(self, key: str, text: str, interpretation: Interpretation) -> None:
        with self._lock:
            self._memory[key] = _InMemory(
                text,
                tuple(literals_of(interpretation)),
                replace(interpretation, source="memory_cache", tokens=0),
            )
            self._memory.move_to_end(key)
            while len(self._memory) > self._size:
                self._memory.popitem(last=False)

    def _count(self, tier: str, key: str) -> None:
        with self._lock:
            self._pending.lookups[tier] += 1
            if key:
                self._pending.hits[key] += 1
        logger.debug("recognition cache: %s", tier, extra={"cache_tier": tier, "cache_key": key})

    def _stored(self, key: str) -> StoredRecognition | None:
        with self._lock:
            waiting = self._pending.kept.get(key) or self._taken.kept.get(key)
        return waiting or self._on_disk(lambda store: store.find(key), None)

    def _on_disk(self, deed: Callable[[RecognitionStore], T], otherwise: T, attempts: int = 1) -> T:
        """Do something with the disk tier; where it can't be used, go on without it from now on.

        A file that was set aside is replaced at once, so that counts as no attempt.
        """
        with self._store_lock:
            problem: StoreUnusable | None = None
            for _ in range(attempts + 1):
                if self._store is None:
                    return otherwise
                try:
                    return deed(self._store)
                except StoreReplaced as error:
                    problem = error
                except StoreBusy as error:
                    problem = error
                    attempts -= 1
                    if attempts <= 0:
                        self._store.close()
                        self._store = None
                        break
                except StoreUnusable as error:
                    problem = error
                    self._store.close()
                    self._store = None
                    break
            self._warn(Message.of("core.notice.no_cache", problem=problem))
            return otherwise

    def _warn(self, notice: Message) -> None:
        logger.warning("%s", notice)
        self._notices.append(notice)

    def _start_writer(self) -> None:
        """Have pending writes written; the lock is held."""
        if not self._is_writing:
            self._is_writing = True
            threading.Thread(
                target=self._write_pending, name="recognition-cache", daemon=True
            ).start()
            atexit.unregister(self.close)
            atexit.register(self.close)

    def _write_pending(self) -> None:
        """Body of the background thread: it ends when nothing is left to write."""
        while True:
            with self._lock:
                if not self._pending:
                    self._taken = _Pending()
                    self._is_writing = False
                    self._changed.notify_all()
                    return
                self._taken, self._pending = self._pending, _Pending()
                taken = self._taken
            self._write(taken)

    def _write(self, taken: _Pending) -> None:
        """One batch, in one transaction; a project that is not there yet is not begun by it."""
        path = self._store.path if self._store else None
        if path is None or not (path.exists() or (taken.kept and path.parent.is_dir())):
            return
        if not self._is_cleaned_up:
            self._is_cleaned_up = True
            self._on_disk(lambda store: store.clean_up(), 0)
        self._on_disk(
            lambda store: store.apply(
                kept=taken.kept.values(), hits=taken.hits, lookups=taken.lookups
            ),
            None,
            WRITE_ATTEMPTS,
        )


def _concerned(interpretation: Interpretation) -> tuple[str, ...]:
    """The entities that an answer speaks of."""
    names = [entity.name for entity in interpretation.entities]
    names += interpretation.about
    for relationship in interpretation.relationships:
        names += (relationship.source, relationship.target)
    names += [rule.entity for rule in interpretation.rules]
    names += [str(change_to_json(change)["entity"]) for change in interpretation.changes]
    return tuple(dict.fromkeys(names))


def _says(kept: str, literals: Iterable[str], text: str) -> bool:
    """Whether a text says what an answer was kept for, its literals letter by letter."""
    if folded(text) == kept and all(literal in text for literal in literals):
        return True
    logger.info("a remembered answer was not used: the text says something else")
    return False


def _can_be_applied(interpretation: Interpretation, spec: SystemSpec) -> bool:
    try:
        apply(spec, interpretation.all_changes())
    except InvalidSpec as error:
        logger.info("a remembered answer was not used: %s", error)
        return False
    return True


def _decoded(entry: StoredRecognition) -> Interpretation | None:
    """The interpretation of an entry; one that can't be read strictly is none."""
    try:
        body: Any = json.loads(entry.interpretation)
        interpretation = interpretation_from_json(body)
    except (ValueError, InvalidSpec) as error:
        logger.warning("a remembered answer can't be read: %s", error)
        return None
    if entry.cache_version > CACHE_VERSION or not interpretation.is_certain:
        return None
    return interpretation
