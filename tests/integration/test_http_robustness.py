"""What nobody should send, sent to a real server: no input gives a 5xx, refusals say why."""

from __future__ import annotations

import json
import socket
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.managed_system import serving, write_system
from tests.integration.systems import EVERYTHING, SCHOOL

MEGABYTE = 2**20
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("managed_system")
    write_system(folder, (*SCHOOL, *EVERYTHING))
    return folder


@pytest.fixture(scope="module")
def api(folder: Path) -> Iterator[httpx.Client]:
    with serving(folder) as client:
        yield client


def new(api: httpx.Client, collection: str, **values: Any) -> int:
    answer = api.post(f"/api/{collection}", json=values)
    assert answer.status_code == 201, answer.text
    record_id: int = answer.json()["id"]
    return record_id


def assert_refused(answer: httpx.Response, status: int) -> None:
    """The answer has that status, and names its problems."""
    assert answer.status_code == status, answer.text[:500]
    for problem in answer.json()["detail"]:
        assert problem.keys() - {"ctx"} == {"loc", "msg", "type"}


# Bodies

BROKEN = {
    "empty": b"",
    "half": b'{"name": ',
    "two": b'{"name": "a"} {"name": "b"}',
    "no object": b"[]",
    "null": b"null",
    "number": b"1",
    "text": b'"name"',
    "not UTF-8": b'{"name": "\xff\xfe"}',
    "NaN": b'{"name": NaN}',
    "infinity": b'{"name": -Infinity}',
    "too large a number": b'{"name": 1e999}',
    "lone surrogate": b'{"name": "\\udfff"}',
    "lone surrogate as a key": b'{"\\ud800": 1, "name": "a"}',
    "null character as a key": b'{"\\u0000": 1, "name": "a"}',
    "deep lists": b"[" * 100_000,
    "deep lists, closed": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"name":' * 20_000,
    "deep value": b'{"name": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "endless number": b'{"name": ' + b"9" * 100_000 + b"}",
    "endless fraction": b'{"name": 0.' + b"1" * 100_000 + b"}",
    "a thousand unknown fields": json.dumps({f"f{n}": n for n in range(1000)}).encode(),
    "a long unknown field": json.dumps({"x" * 100_000: 1}).encode(),
    "comment": b'{"name": "a"} // comment',
    "trailing comma": b'{"name": "a",}',
    "single quotes": b"{'name': 'a'}",
    "null characters": b"\0" * 1000,
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_broken_body_is_a_422(api: httpx.Client, method: str, body: bytes) -> None:
    path = (
        "/api/teachers" if method == "POST" else f"/api/teachers/{new(api, 'teachers', name='A')}"
    )
    assert_refused(api.request(method, path, content=body, headers=JSON), 422)


def test_of_a_key_given_twice_the_last_one_counts(api: httpx.Client) -> None:
    body = b'{"name": 1, "name": "Ana"}'
    answer = api.post("/api/teachers", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["name"]) == (201, "Ana")


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "image/png",
        "json",
        "application/json garbage",
        ";;;",
        "",
        "é",
    ],
)
def test_a_body_of_another_kind_is_refused(api: httpx.Client, kind: str) -> None:
    headers = {b"content-type": kind.encode("latin-1")}
    answer = api.post("/api/teachers", content=b'{"name": "Ana"}', headers=headers)
    assert_refused(answer, 422)


def test_a_body_without_a_kind_is_refused(api: httpx.Client) -> None:
    assert_refused(api.post("/api/teachers", content=b'{"name": "Ana"}'), 422)


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "APPLICATION/JSON"])
def test_json_is_taken_however_its_kind_is_written(api: httpx.Client, kind: str) -> None:
    headers = {"content-type": kind}
    answer = api.post("/api/teachers", content='{"name": "Zoë"}'.encode(), headers=headers)
    assert (answer.status_code, answer.json()["name"]) == (201, "Zoë")


def test_a_huge_text_is_a_422_and_a_huge_body_a_413(api: httpx.Client) -> None:
    assert_refused(api.post("/api/teachers", json={"name": "x" * (8 * MEGABYTE)}), 422)
    assert_refused(api.post("/api/teachers", json={"name": "x" * (33 * MEGABYTE)}), 413)


def test_a_huge_body_without_a_length_is_a_413(api: httpx.Client) -> None:
    chunks = (b"x" * MEGABYTE for _ in range(40))
    assert_refused(api.post("/api/teachers", content=chunks, headers=JSON), 413)


def test_a_hundred_thousand_wrong_ids_are_answered_briefly(api: httpx.Client) -> None:
    event = {"name": "E", "attendee_ids": ["x"] * 100_000}
    answer = api.post("/api/events", json=event)
    assert_refused(answer, 422)
    assert len(answer.content) < 100_000
    answer = api.post("/api/events", json=event | {"attendee_ids": list(range(1, 100_001))})
    assert_refused(answer, 422)
    assert "attendee_ids" in answer.text


def test_many_links_are_stored_at_once(api: httpx.Client) -> None:
    people = [new(api, "people", name=f"P{n}") for n in range(120)]
    answer = api.post("/api/events", json={"name": "E", "attendee_ids": people * 30})
    assert answer.status_code == 201
    assert answer.json()["attendee_ids"] == people


VALUES: list[Any] = [
    None, True, False, 0, -1, 1.5, 10**30, -(10**30), 2**63, "", " ", "x", "1", "NaN", "1e999",
    "\0", "\ud83d\ude00", "x" * 1000, [], [[]], ["x"], [None], {}, {"a": 1}, [1, "1"], 1e308,
]  # fmt: skip


@pytest.mark.parametrize("collection", ["products", "students", "courses", "matches", "teams"])
def test_no_value_in_any_field_is_a_5xx(api: httpx.Client, collection: str) -> None:
    document = api.get("/openapi.json").json()
    body = document["paths"][f"/api/{collection}"]["post"]["requestBody"]
    reference = body["content"]["application/json"]["schema"]["$ref"]
    fields = document["components"]["schemas"][reference.rpartition("/")[2]]["properties"]
    for field in (*fields, "id", "nothing"):
        for value in VALUES:
            content = json.dumps({field: value})
            for method, path in (("POST", ""), ("PUT", "/1"), ("PATCH", "/1")):
                answer = api.request(
                    method, f"/api/{collection}{path}", content=content, headers=JSON
                )
                assert answer.status_code in (200, 201, 404, 409, 422), (field, value)


# Paths and queries

JUNK = [
    "%", "%2", "%zz", "%00", "%ff", "%c3%28", "%ed%a0%80", "%2e%2e%2f", "..", "1/", "1%20", "+1",
    "1.0", "1e3", "0x1", "NaN", "null", "true", "1_000", "%D9%A1", "9" * 400, "9" * 5000, "-0",
    "x" * 5000, "1;drop", "1'--", "'", "%F0%9F%98%80", "a%0d%0ab", "1,2", "*", "[]", "{}",
]  # fmt: skip


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: junk[:12])
@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_no_path_is_a_5xx(api: httpx.Client, method: str, junk: str) -> None:
    for path in (
        f"/api/courses/{junk}",
        f"/api/{junk}",
        f"/{junk}",
        f"/api/courses/{junk}/teacher",
    ):
        body = b'{"title": "C", "credits": 1}' if method in ("PUT", "PATCH") else b""
        status = raw(api, method, path, body)
        assert status in (200, 204, 400, 404, 405, 422), path


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: junk[:12])
def test_no_query_is_a_5xx(api: httpx.Client, junk: str) -> None:
    names = ("title", "q", "credits", "teacher_id", "id", "skip", "limit", "sort", junk)
    for query in (
        *(f"{name}={junk}" for name in names),
        junk,
        f"&&={junk}&",
        f"title={junk}&" * 50,
    ):
        status = raw(api, "GET", f"/api/courses?{query}")
        assert status in (200, 400, 422), query


@pytest.mark.parametrize(
    "query",
    [
        "credits=", "teacher_id=", "id=", "skip=", "limit=", "sort=", "nothing=",
        "credits=1&credits=", "credits=%201", "credits=1.0", "credits=true", "credits=1e0",
        "limit=10&limit=20x",
        "sort=-", "sort=--title", "sort=title,credits", "sort=TITLE", "sort=title%20desc",
        "credits=9223372036854775808", "skip=9223372036854775808", "title[]=x", "credits__gt=1",
        "title=%ff&nothing=1", "q=" + "x" * 256, "%00=1",
    ],
)  # fmt: skip
def test_a_query_without_sense_is_a_422(api: httpx.Client, query: str) -> None:
    assert_refused(api.get(f"/api/courses?{query}"), 422)


def test_a_text_filter_may_hold_anything(api: httpx.Client) -> None:
    title = "100% _ \\ ' \" \0 %_ \U0001f600"
    course = new(api, "courses", title=title, credits=1)
    for query in ({"title": title}, {"q": "% _ \\ '"}, {"q": "\0"}, {"q": "%_"}):
        assert [c["id"] for c in api.get("/api/courses", params=query).json()] == [course]
    assert api.get("/api/courses", params={"title": ""}).json() == []


def test_a_thousand_values_filter_at_once(api: httpx.Client) -> None:
    query = "&".join(f"id={n}" for n in range(1, 2000))
    assert api.get(f"/api/courses?{query}").status_code == 200


# Methods


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "POST", "PURGE", "M-SEARCH"])
def test_a_method_that_a_path_does_not_have_is_a_405_that_names_those_it_has(
    api: httpx.Client, method: str
) -> None:
    path = f"/api/teachers/{new(api, 'teachers', name='Ana')}"
    answer = api.request(method, path)
    if answer.status_code != 400:  # the server knows no such method at all
        assert answer.status_code == 405
        allowed = {"GET", "HEAD", "PUT", "PATCH", "DELETE"}
        assert set(answer.headers["allow"].split(", ")) == allowed


def test_head_tells_of_a_list_what_get_does_and_sends_nothing(api: httpx.Client) -> None:
    new(api, "teachers", name="Ana")
    whole, head = api.get("/api/teachers"), api.head("/api/teachers")
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-length", "content-type", "x-total-count"):
        assert head.headers[name] == whole.headers[name]
    assert api.head("/api/teachers/999999").status_code == 404


def test_links_and_nested_lists_refuse_what_they_do_not_have(api: httpx.Client) -> None:
    course = new(api, "courses", title="C", credits=1)
    person = {"name": "A", "email": "a@robust.example.com", "birth_date": "2000-01-01"}
    student = new(api, "students", **person)
    assert api.post(f"/api/students/{student}/courses", json={}).status_code == 405
    assert api.get(f"/api/students/{student}/courses/{course}").status_code == 405
    for wrong in ("x", "1.5", "1.0", "%00"):
        assert_refused(api.put(f"/api/students/{student}/courses/{wrong}"), 422)
        assert_refused(api.delete(f"/api/students/{wrong}/courses/{course}"), 422)


# Many at once


def test_of_concurrent_writers_of_one_unique_value_exactly_one_wins(api: httpx.Client) -> None:
    people = [
        {"name": "A", "email": f"race{turn}@example.com", "birth_date": "2000-01-01"}
        for turn in range(5)
    ]
    with ThreadPoolExecutor(16) as threads:
        for person in people:
            answers = list(threads.map(lambda p: api.post("/api/students", json=p), [person] * 16))
            assert Counter(a.status_code for a in answers) == {201: 1, 409: 15}
            assert all(a.json()["detail"][0]["type"] == "taken" for a in answers if a.is_error)


def test_concurrent_links_are_made_once(api: httpx.Client) -> None:
    course = new(api, "courses", title="C", credits=1)
    person = {"name": "A", "email": "links@example.com", "birth_date": "2000-01-01"}
    path = f"/api/students/{new(api, 'students', **person)}"
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: api.put(f"{path}/courses/{course}"), range(16)))
    assert {answer.status_code for answer in answers} == {204}
    assert api.get(path).json()["course_ids"] == [course]


def test_a_record_deleted_by_many_is_gone_once(api: httpx.Client) -> None:
    path = f"/api/teachers/{new(api, 'teachers', name='Ana')}"
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: api.delete(path), range(16)))
    assert Counter(answer.status_code for answer in answers) == {204: 1, 404: 15}


def test_while_another_program_writes_requests_wait_or_are_told_to_try_again(folder: Path) -> None:
    """The write lock is held for longer than the time-out of the server; reads go on."""
    file = folder / "app" / "database" / "baes_system.db"
    with serving(folder) as api:
        teacher = new(api, "teachers", name="Ana")
        blocker = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        blocker.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(1, lambda: blocker.execute("ROLLBACK"))
        timer.start()
        assert api.post("/api/teachers", json={"name": "Eva"}, timeout=20).status_code == 201
        timer.join()
        blocker.execute("BEGIN IMMEDIATE")
        answer = api.post("/api/teachers", json={"name": "Eva"}, timeout=20)
        assert_refused(answer, 503)
        assert answer.headers["Retry-After"]
        assert api.get(f"/api/teachers/{teacher}").status_code == 200
        blocker.execute("ROLLBACK")
        blocker.close()
        assert api.post("/api/teachers", json={"name": "Eva"}).status_code == 201


# The wire


def raw(api: httpx.Client, method: str, path: str, body: bytes = b"") -> int:
    """Send a path as it is written; the status of the answer."""
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    answer = sent(api, head.encode("latin-1") + body)
    return int(answer.split(b" ", 2)[1])


def sent(api: httpx.Client, message: bytes) -> bytes:
    """Send bytes; all that comes back."""
    with socket.create_connection((api.base_url.host, api.base_url.port or 80), 10) as connection:
        connection.sendall(message)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer


@pytest.mark.parametrize(
    "message",
    [
        b"\r\n\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /health HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /api/teachers HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 100,
        b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\nX: "
        + b"y" * 200_000
        + b"\r\nConnection: close\r\n\r\n",
    ],
    ids=lambda message: repr(message[:20]),
)
def test_what_is_no_http_does_not_harm(api: httpx.Client, message: bytes) -> None:
    with socket.create_connection((api.base_url.host, api.base_url.port or 80), 10) as connection:
        connection.settimeout(2)
        try:
            connection.sendall(message)
            answer = connection.recv(65536)
        except (TimeoutError, ConnectionError):
            answer = b""
    assert not answer.startswith(b"HTTP/1.1 5")
    assert api.get("/health").status_code == 200


def test_a_client_that_leaves_amid_its_body_harms_nobody(api: httpx.Client) -> None:
    head = b"POST /api/teachers HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    with socket.create_connection((api.base_url.host, api.base_url.port or 80), 10) as connection:
        connection.sendall(head + b'Content-Length: 100\r\n\r\n{"name": ')
    assert api.get("/health").status_code == 200


def test_nothing_of_this_left_a_traceback(api: httpx.Client, folder: Path) -> None:
    assert api.get("/health").status_code == 200
    assert "Traceback" not in (folder / "server.log").read_text()
