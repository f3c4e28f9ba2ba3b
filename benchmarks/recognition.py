"""Understanding: the local interpreter by length of text, and the two tiers of the cache."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from baes.core.entity_recognizer import EntityRecognizer
from baes.core.recognition_cache import RecognitionCache
from baes.core.recognition_key import KeyContext, spec_hash, text_key
from baes.spec.model import SystemSpec
from benchmarks.figure import Figure, median_seconds
from benchmarks.processes import SENTENCE

__all__ = ["figures"]

CLAUSE = " A student has a name, an optional age from 0 to 150, and one home room."
EMPTY = SystemSpec()
CONTEXT = KeyContext(spec_hash(EMPTY), "knowledge")


def figures() -> list[Figure]:
    """Medians in a warm process."""
    recognizer = EntityRecognizer.of_project(Path(), cached=False)
    words_200 = SENTENCE + CLAUSE * 12
    read = partial(recognizer.recognize, spec=EMPTY)
    texts = ((SENTENCE, "one sentence", 5), (words_200, f"{len(words_200.split())} words", 50))
    figures = [
        Figure(
            f"interpretation, {name}", 1000 * median_seconds(partial(read, text), 31), "ms", goal
        )
        for text, name, goal in texts
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cache.db"
        cache = RecognitionCache(path)
        cache.keep(SENTENCE, read(SENTENCE), CONTEXT)
        memory = _median_us(lambda: cache.find_in_memory(SENTENCE, CONTEXT))
        cache.close()
        disk = median_seconds(lambda: _fresh_hit(path), 31)
        warm = RecognitionCache(path, size=0)
        warm.find_on_disk(SENTENCE, EMPTY, CONTEXT)
        open_file = median_seconds(lambda: warm.find_on_disk(SENTENCE, EMPTY, CONTEXT), 101)
        warm.close()
    return [
        *figures,
        Figure("recognition cache, memory hit", memory, "us", 20),
        Figure("recognition cache, disk hit, file open", 1000 * open_file, "ms", 1),
        Figure("recognition cache, disk hit, opening the file", 1000 * disk, "ms", None),
    ]


def _fresh_hit(path: Path) -> None:
    text_key.cache_clear()
    cache = RecognitionCache(path)
    assert cache.find_on_disk(SENTENCE, EMPTY, CONTEXT) is not None
    cache.close()


def _median_us(deed: object) -> float:
    assert callable(deed)

    def hundred() -> None:
        for _ in range(100):
            deed()

    return median_seconds(hundred, 31) / 100 * 1_000_000
