"""The two tiers of the recognition cache, in one process."""

from __future__ import annotations

import logging
import sqlite3
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from baes.core.recognition_cache import MEMORY_ENTRIES, RecognitionCache
from baes.core.recognition_key import KeyContext, spec_hash
from baes.core.recognition_store import (
    CACHE_VERSION,
    RecognitionStore,
    StoredRecognition,
    StoreFormat,
)
from baes.spec.interpretation import Interpretation, Question
from baes.spec.model import Attribute, Entity, SystemSpec

EMPTY = SystemSpec()
CONTEXT = KeyContext(spec_hash(EMPTY), "knowledge")
TEXT = "Create students with a name"


def reading(entity: str = "Student", **attribute: object) -> Interpretation:
    name = Attribute("name", "string", **attribute)  # type: ignore[arg-type]  # a limit's keywords
    return Interpretation("create", entities=(Entity(entity, (name,)),))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "recognition_cache.db"


@pytest.fixture
def opened(path: Path) -> Iterator[Callable[[], RecognitionCache]]:
    caches: list[RecognitionCache] = []

    def new() -> RecognitionCache:
        caches.append(RecognitionCache(path))
        return caches[-1]

    yield new
    for cache in caches:
        cache.close()


def test_what_is_kept_is_found_in_memory(path: Path) -> None:
    cache = RecognitionCache(path)
    cache.keep(TEXT, reading(), CONTEXT)
    found = cache.find_in_memory("  create students with a Name. ", CONTEXT)
    cache.close()
    assert found == replace(reading(), source="memory_cache")


def test_another_process_finds_it_on_disk_and_promotes_it(
    opened: Callable[[], RecognitionCache],
) -> None:
    first = opened()
    first.keep(TEXT, reading(), CONTEXT)
    first.close()
    second = opened()
    assert second.find_in_memory(TEXT, CONTEXT) is None
    found = second.find_on_disk(TEXT, EMPTY, CONTEXT)
    assert found == replace(reading(), source="persistent_cache")
    assert second.find_in_memory(TEXT, CONTEXT) == replace(reading(), source="memory_cache")


def test_hits_are_counted_per_answer_and_per_tier(opened: Callable[[], RecognitionCache]) -> None:
    cache = opened()
    cache.keep(TEXT, reading(), CONTEXT)
    for _ in range(3):
        cache.find_in_memory(TEXT, CONTEXT)
    cache.count_miss()
    cache.close()
    statistics = opened().statistics()
    assert statistics.lookups == {"memory": 3, "miss": 1}
    assert statistics.hit_rate == 0.75
    assert [entry.hit_count for entry in opened().entries()] == [3]


def test_an_entry_says_what_the_plan_wants(opened: Callable[[], RecognitionCache]) -> None:
    cache = opened()
    cache.keep(TEXT, reading(), CONTEXT)
    (entry,) = cache.entries()
    assert entry.entities == ("Student",)
    assert (entry.action, entry.confidence, entry.cache_version) == ("create", 1.0, CACHE_VERSION)
    assert entry.created_at > 0


@pytest.mark.parametrize(
    "uncertain",
    [
        Interpretation("unclear", question=Question("What?")),
        replace(reading(), unexplained=("some words",)),
        replace(reading(), question=Question("Which one?")),
        replace(reading(), source="memory_cache"),
    ],
    ids=["unclear", "unexplained", "question", "from a cache"],
)
def test_only_certain_new_readings_are_kept(
    opened: Callable[[], RecognitionCache], uncertain: Interpretation
) -> None:
    cache = opened()
    cache.keep(TEXT, uncertain, CONTEXT)
    assert cache.find_in_memory(TEXT, CONTEXT) is None
    assert cache.entries() == ()


def test_the_least_recently_used_answer_leaves_memory_first() -> None:
    cache = RecognitionCache(None, size=2)
    for name in ("A", "B"):
        cache.keep(f"create {name}", reading(name), CONTEXT)
    cache.find_in_memory("create A", CONTEXT)
    cache.keep("create C", reading("C"), CONTEXT)
    assert cache.find_in_memory("create B", CONTEXT) is None
    assert cache.find_in_memory("create A", CONTEXT) is not None


def test_another_system_is_another_question(opened: Callable[[], RecognitionCache]) -> None:
    cache = opened()
    cache.keep(TEXT, reading(), CONTEXT)
    other = replace(CONTEXT, spec_hash="another")
    assert cache.find_in_memory(TEXT, other) is None
    assert cache.find_on_disk(TEXT, EMPTY, other) is None


def test_a_literal_in_other_letters_is_a_miss(opened: Callable[[], RecognitionCache]) -> None:
    cache = opened()
    cache.keep("status is one of Open, Shut", reading(choices=("Open", "Shut")), CONTEXT)
    assert cache.find_in_memory("Status is one of Open, Shut", CONTEXT) is not None
    assert cache.find_in_memory("status is one of open, shut", CONTEXT) is None


def test_an_answer_that_the_system_can_not_take_is_a_miss(
    opened: Callable[[], RecognitionCache], caplog: pytest.LogCaptureFixture
) -> None:
    cache = opened()
    cache.keep(TEXT, reading(), CONTEXT)
    twin = SystemSpec(entities=(Entity("Student", plural="students", id="student"),))
    with caplog.at_level(logging.INFO, "baes"):
        assert cache.find_on_disk(TEXT, twin, CONTEXT) is None
    assert "was not used" in caplog.text


def test_what_concerns_an_evolved_entity_is_forgotten_in_both_tiers(
    opened: Callable[[], RecognitionCache],
) -> None:
    cache = opened()
    cache.keep(TEXT, reading(), CONTEXT)
    cache.keep("create courses", reading("Course"), CONTEXT)
    assert cache.forget(["Student"]) == 1
    assert cache.find_in_memory(TEXT, CONTEXT) is None
    assert cache.find_on_disk(TEXT, EMPTY, CONTEXT) is None
    assert cache.find_on_disk("create courses", EMPTY, CONTEXT) is not None


def test_what_was_not_used_for_thirty_days_is_cleaned_up_at_start(path: Path) -> None:
    cache = RecognitionCache(path)
    cache.keep(TEXT, reading(), CONTEXT)
    cache.keep("create courses", reading("Course"), CONTEXT)
    cache.close()
    with sqlite3.connect(path) as connection:
        old = (
            "UPDATE recognitions SET used_at = used_at - 31 * 86400 WHERE folded LIKE '%students%'"
        )
        connection.execute(old)
    connection.close()
    later = RecognitionCache(path)
    later.keep("create teachers", reading("Teacher"), CONTEXT)
    folded = [entry.folded for entry in later.entries()]
    later.close()
    assert folded == ["create courses", "create teachers"]


def test_clearing_empties_both_tiers(opened: Callable[[], RecognitionCache]) -> None:
    cache = opened()
    cache.keep(TEXT, reading(), CONTEXT)
    assert cache.forget_all() == 1
    assert cache.find_in_memory(TEXT, CONTEXT) is None
    assert cache.entries() == ()


def test_an_older_format_is_migrated_and_keeps_its_answers(path: Path) -> None:
    old = RecognitionCache(path)
    old.keep(TEXT, reading(), CONTEXT)
    old.close()
    newer = StoreFormat(
        version=CACHE_VERSION + 1,
        steps={CACHE_VERSION: "ALTER TABLE recognitions ADD COLUMN note TEXT;"},
    )
    store = RecognitionStore(path, form=newer)
    assert [entry.folded for entry in store.entries()] == ["create students with a name"]
    store.close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (CACHE_VERSION + 1,)
        connection.execute("SELECT note FROM recognitions")
    connection.close()


def test_a_damaged_answer_is_a_miss(path: Path) -> None:
    cache = RecognitionCache(path)
    cache.keep(TEXT, reading(), CONTEXT)
    cache.close()
    with sqlite3.connect(path) as connection:
        connection.execute("""UPDATE recognitions SET interpretation = '{"action": "create"}'""")
    connection.close()
    again = RecognitionCache(path)
    assert again.find_on_disk(TEXT, EMPTY, CONTEXT) is None
    again.close()


def test_an_imported_answer_that_can_not_be_read_is_left_out(path: Path) -> None:
    cache = RecognitionCache(path)
    wrong = StoredRecognition("k", "f", "t", "create", 1.0, "local", "[]", 1.0, 1.0)
    assert cache.add([wrong]) == 0
    cache.close()


def test_five_hundred_threads_lose_and_tear_nothing(path: Path) -> None:
    cache = RecognitionCache(path, size=1000)
    failures: list[str] = []
    start = threading.Barrier(500)

    def work(number: int) -> None:
        start.wait()
        entity = f"Thing{number}"
        cache.keep(f"create {entity}", reading(entity), CONTEXT)
        for wanted in (number, (number * 7) % 500):
            found = cache.find_in_memory(f"create Thing{wanted}", CONTEXT)
            found = found or cache.find_on_disk(f"create Thing{wanted}", EMPTY, CONTEXT)
            if found is not None and found.entities[0].name != f"Thing{wanted}":
                failures.append(f"{number}: {found.entities[0].name} for Thing{wanted}")
            if found is None and wanted == number:
                failures.append(f"{number}: its own answer is lost")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(500)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = {entry.folded for entry in cache.entries()}
    cache.close()
    assert failures == []
    assert len(kept) == 500


def test_a_full_memory_tier_takes_less_than_ten_megabytes() -> None:
    tracemalloc.start()
    cache = RecognitionCache(None)
    for number in range(MEMORY_ENTRIES + 20):
        attributes = tuple(Attribute(f"attribute_{i}", "string") for i in range(20))
        entity = Entity(f"Thing{number}", attributes)
        cache.keep(
            f"create {number} " + "word " * 200,
            Interpretation("create", entities=(entity,)),
            CONTEXT,
        )
    used_bytes, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used_bytes < 10 * 1024 * 1024


def test_flushing_waits_for_what_is_being_written(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, go_on = threading.Event(), threading.Event()
    apply = RecognitionStore.apply

    def slowly(store: RecognitionStore, **batch: Any) -> None:
        entered.set()
        go_on.wait(10)
        apply(store, **batch)

    monkeypatch.setattr(RecognitionStore, "apply", slowly)
    cache = RecognitionCache(path)
    cache.keep(TEXT, reading(), CONTEXT)
    assert entered.wait(10)
    threading.Timer(0.05, go_on.set).start()
    cache.flush()
    kept = RecognitionStore(path).entries()
    cache.close()
    assert len(kept) == 1
