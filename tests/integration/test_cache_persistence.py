"""The recognition cache across commands and processes, and a file that is not as it should be."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from baes.core.entity_recognizer import EntityRecognizer
from baes.core.project_paths import ProjectPaths
from baes.core.recognition_cache import RecognitionCache
from baes.core.recognition_key import KeyContext, spec_hash
from baes.spec.interpretation import Interpretation
from baes.spec.model import Attribute, Entity, SystemSpec
from tests.integration.command import Project, Ran

STREAM = tomllib.loads(
    (Path(__file__).parent / "data" / "request_stream.toml").read_text(encoding="utf-8")
)["group"]
TEXT = "Create books with title and author"
CONTEXT = KeyContext(spec_hash(SystemSpec()), "knowledge")
READING = Interpretation("create", entities=(Entity("Book", (Attribute("title", "string"),)),))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that has its folder of databases, as after a first request."""
    (tmp_path / "database").mkdir()
    return tmp_path


@pytest.fixture
def path(project: Path) -> Path:
    return ProjectPaths(project).recognition_cache


def run(project: Path, *arguments: str) -> Ran:
    return Project(project).run(*arguments)


def interpretation(project: Path, text: str = TEXT) -> dict[str, object]:
    return dict(run(project, "interpret", text).json)


def test_the_second_command_answers_from_the_disk(project: Path) -> None:
    first, second = interpretation(project), interpretation(project, f"  {TEXT.lower()}. ")
    assert (first["source"], second["source"]) == ("local", "persistent_cache")
    assert {**second, "source": "local"} == first


def test_switched_off_nothing_is_remembered(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAES_ENABLE_RECOGNITION_CACHE", "false")
    assert [interpretation(project)["source"] for _ in range(2)] == ["local", "local"]
    assert not ProjectPaths(project).recognition_cache.exists()


def test_interpreting_begins_no_project(tmp_path: Path) -> None:
    interpretation(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_an_unclear_request_is_asked_about_again(project: Path) -> None:
    assert [interpretation(project, "make it nicer")["source"] for _ in range(2)] == ["local"] * 2


def test_a_corrupt_file_is_set_aside_with_one_warning(project: Path, path: Path) -> None:
    path.write_bytes(b"no database at all, but long enough to be one " * 40)
    done = run(project, "interpret", TEXT)
    assert done.status == 0
    assert done.err.count("set-aside") == 1
    kept = path.with_name(f"{path.name}.set-aside")
    assert kept.read_bytes().startswith(b"no database at all")
    assert interpretation(project)["source"] == "persistent_cache"


def test_a_foreign_database_is_set_aside_and_kept(project: Path, path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE precious (value TEXT)")
    connection.close()
    assert "another program" in run(project, "interpret", TEXT).err
    kept = path.with_name(f"{path.name}.set-aside")
    with sqlite3.connect(kept) as connection:
        connection.execute("SELECT value FROM precious")
    connection.close()


def test_a_newer_format_is_set_aside_and_kept(project: Path, path: Path) -> None:
    interpretation(project)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert "newer version" in run(project, "interpret", TEXT).err
    assert path.with_name(f"{path.name}.set-aside").exists()
    assert interpretation(project)["source"] == "persistent_cache"


def test_a_damaged_page_costs_the_answers_and_no_request(project: Path, path: Path) -> None:
    interpretation(project)
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(bytes(content))
    done = run(project, "interpret", TEXT)
    assert (done.status, done.json["source"]) == (0, "local")
    assert interpretation(project)["action"] == "create"


def test_a_locked_file_is_gone_on_without(project: Path, path: Path) -> None:
    interpretation(project)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    try:
        done = run(project, "interpret", TEXT)
    finally:
        holder.close()
    assert (done.status, done.json["source"]) == (0, "local")
    assert "not used now" in done.err
    assert path.exists()
    assert not path.with_name(f"{path.name}.set-aside").exists()


def test_a_place_that_can_not_be_written_is_gone_on_without(project: Path, path: Path) -> None:
    path.mkdir()
    done = run(project, "interpret", TEXT)
    assert (done.status, done.json["source"]) == (0, "local")
    assert done.err.count("not used now") == 1


_WRITER = """
import sys
from pathlib import Path
from tests.integration.test_cache_persistence import CONTEXT, READING, RecognitionCache
cache = RecognitionCache(Path(sys.argv[1]))
for number in range(100):
    cache.keep(f"create {sys.argv[2]} {number}", READING, CONTEXT)
    cache.count_miss()
"""


def test_four_processes_lose_nothing_and_flush_at_a_normal_exit(path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(path), name], stderr=subprocess.PIPE)
        for name in "abcd"
    ]
    complaints = [writer.communicate(timeout=60)[1] for writer in writers]
    assert complaints == [b""] * 4
    cache = RecognitionCache(path)
    folded = {entry.folded for entry in cache.entries()}
    lookups = cache.statistics().lookups
    cache.close()
    assert folded == {f"create {name} {number}" for name in "abcd" for number in range(100)}
    assert lookups == {"miss": 400}


def test_the_commands_of_the_cache(project: Path, tmp_path: Path) -> None:
    interpretation(project)
    interpretation(project)
    stats = run(project, "cache", "stats", "--json").json
    assert (stats["disk_entries"], stats["hit_rate"]) == (1, 0.5)
    exported = tmp_path / "answers.json"
    assert run(project, "cache", "export", str(exported)).status == 0
    assert run(project, "cache", "clear", "--json").json["deleted"] == 1
    assert interpretation(project)["source"] == "local"
    run(project, "cache", "clear")
    imported = run(project, "cache", "import", str(exported), "--json").json
    assert imported["imported"] == 1
    assert interpretation(project)["source"] == "persistent_cache"
    deleted = run(project, "cache", "invalidate", "Book", "--json").json["deleted"]
    assert deleted == 1
    assert run(project, "cache", "cleanup", "--days", "1").status == 0


@pytest.mark.parametrize(
    "content", ["", "[]", '{"format": 1}', '{"format": 9, "answers": []}',
                '{"format": 1, "answers": [{"key": 5}]}'],
)  # fmt: skip
def test_a_file_without_exported_answers_is_refused(
    project: Path, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "answers.json"
    file.write_text(content, encoding="utf-8")
    done = run(project, "cache", "import", str(file))
    assert done.status == 2


def _sources(project: Path, texts: list[str]) -> Counter[str]:
    """Who answers a stream, in one session that begins with an empty memory."""
    recognizer = EntityRecognizer.of_project(project, cached=True)
    sources: Counter[str] = Counter()
    for text in texts:
        found = recognizer.recognize(text, SystemSpec())
        recognizer.remember(text, SystemSpec(), found)
        sources[found.source] += 1
    recognizer.close()
    return sources


def test_hit_rates_of_a_mixed_stream_in_a_session_and_across_sessions(project: Path) -> None:
    session = [group["first"] for group in STREAM] + [v for g in STREAM for v in g["again"]]
    later = [text for group in STREAM for text in group["later"]]
    in_session = _sources(project, session)
    across = _sources(project, later)
    assert in_session["memory_cache"] / len(session) >= 0.4, in_session
    assert across["persistent_cache"] / len(later) >= 0.5, across
    assert 1 - across["local"] / len(later) >= 0.6, across


def test_an_evolved_entity_is_read_anew(project: Path) -> None:
    run(project, "request", TEXT)
    question = "Create loans with a due date"
    assert [interpretation(project, question)["source"] for _ in range(2)] == [
        "local", "persistent_cache",
    ]  # fmt: skip
    run(project, "request", "Create readers with a name")
    assert interpretation(project, question)["source"] == "local"


def test_the_export_is_json_that_people_can_read(project: Path, tmp_path: Path) -> None:
    interpretation(project)
    exported = tmp_path / "answers.json"
    run(project, "cache", "export", str(exported))
    (answer,) = json.loads(exported.read_text(encoding="utf-8"))["answers"]
    assert answer["folded"] == TEXT.lower()
    assert answer["entities"] == ["Book"]
