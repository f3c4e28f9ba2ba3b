"""What a generated system promises over HTTP, asked of a real server."""

from __future__ import annotations

import datetime
import itertools
import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.managed_system import serving, write_system
from tests.integration.systems import EVERYTHING, SCHOOL

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("managed_system")
    write_system(folder, (*SCHOOL, *EVERYTHING))
    return folder


@pytest.fixture(scope="module")
def api(folder: Path) -> Iterator[httpx.Client]:
    with serving(folder) as client:
        yield client


def new(api: httpx.Client, collection: str, **values: Any) -> dict[str, Any]:
    answer = api.post(f"/api/{collection}", json=values)
    assert answer.status_code == 201, answer.text
    stored: dict[str, Any] = answer.json()
    return stored


def student(**changes: Any) -> dict[str, Any]:
    email = f"person{next(_numbers)}@example.com"
    return {"name": "Ana", "email": email, "birth_date": "2000-02-29"} | changes


def detail(answer: httpx.Response) -> str:
    return json.dumps(answer.json()["detail"])


# The system


def test_root_names_the_entities_and_their_paths(api: httpx.Client) -> None:
    root = api.get("/").json()
    assert {"name": "Student", "path": "/api/students"} in root["entities"]
    assert {"name": "OrderItem", "path": "/api/order_items"} in root["entities"]
    assert root["docs"] == "/docs"
    assert root["name"]


def test_health_and_openapi_are_served(api: httpx.Client) -> None:
    assert api.get("/health").json()["status"] == "healthy"
    assert "/api/students/{student_id}/courses" in api.get("/openapi.json").json()["paths"]
    assert api.get("/docs").status_code == 200


def test_openapi_refers_only_to_schemas_that_it_has(api: httpx.Client) -> None:
    text = api.get("/openapi.json").text
    schemas = json.loads(text)["components"]["schemas"]
    assert set(re.findall(r'"#/components/schemas/(\w+)"', text)) <= schemas.keys()


def test_a_trailing_slash_works_without_a_redirect(api: httpx.Client) -> None:
    teacher = new(api, "teachers", name="Ana")
    assert api.get("/api/teachers/").status_code == 200
    assert api.post("/api/teachers/", json={"name": "Ana"}).status_code == 201
    assert api.get(f"/api/teachers/{teacher['id']}/").json() == teacher
    assert api.get(f"/api/teachers/{teacher['id']}/courses/?limit=1").json() == []


# Records


def test_post_answers_201_the_record_and_its_location(api: httpx.Client) -> None:
    sent = student()
    answer = api.post("/api/students", json=sent)
    assert answer.status_code == 201
    stored = answer.json()
    assert stored == sent | {"id": stored["id"], "course_ids": []}
    assert answer.headers["Location"] == f"/api/students/{stored['id']}"
    assert api.get(answer.headers["Location"]).json() == stored


def test_put_replaces_and_what_is_left_out_becomes_default_or_null(api: httpx.Client) -> None:
    product = new(api, "products", title="T", limit=7, weight="1.5", is_active=False)
    answer = api.put(f"/api/products/{product['id']}", json={"title": "U"})
    assert answer.status_code == 200
    now = answer.json()
    assert (now["title"], now["limit"], now["weight"], now["is_active"]) == ("U", 5, None, True)


def test_put_clears_links_that_are_left_out(api: httpx.Client) -> None:
    course = new(api, "courses", title="C", credits=1)
    stored = new(api, "students", **student(course_ids=[course["id"]]))
    answer = api.put(f"/api/students/{stored['id']}", json=student())
    assert answer.json()["course_ids"] == []


def test_patch_changes_only_what_it_names(api: httpx.Client) -> None:
    stored = new(api, "students", **student())
    answer = api.patch(f"/api/students/{stored['id']}", json={"name": "Eva"})
    assert answer.status_code == 200
    assert answer.json() == stored | {"name": "Eva"}
    assert api.patch(f"/api/students/{stored['id']}", json={}).json() == answer.json()


def test_delete_answers_204_and_the_id_is_never_given_again(api: httpx.Client) -> None:
    teacher = new(api, "teachers", name="Ana")
    answer = api.delete(f"/api/teachers/{teacher['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert new(api, "teachers", name="Eva")["id"] > teacher["id"]


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("record", [0, 999999, -1, 2**63, 10**30])
def test_what_is_not_there_is_answered_404(api: httpx.Client, method: str, record: int) -> None:
    body = {"name": "Ana"} if method in ("PUT", "PATCH") else None
    assert api.request(method, f"/api/teachers/{record}", json=body).status_code == 404


def test_an_id_that_is_no_number_is_a_422(api: httpx.Client) -> None:
    assert api.get("/api/teachers/abc").status_code == 422


# Refusals


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("credits", "5"),
        ("credits", True),
        ("credits", 5.0),
        ("credits", 5.5),
        ("credits", 0),
        ("credits", 13),
        ("credits", None),
        ("credits", 10**30),
        ("credits", [1]),
        ("title", None),
        ("title", ""),
        ("title", " \t\n"),
        ("title", "x" * 256),
        ("title", 5),
        ("title", ["x"]),
        ("teacher_id", "1"),
        ("teacher_id", 999999),
        ("teacher_id", 2**63),
        ("teacher_id", True),
        ("id", 1),
        ("colour", "red"),
    ],
)
def test_a_wrong_course_is_refused_and_the_field_named(
    api: httpx.Client, field: str, value: object
) -> None:
    body = {"title": "C", "credits": 3} | {field: value}
    answer = api.post("/api/courses", json=body)
    assert answer.status_code == 422
    assert field in detail(answer)
    course = new(api, "courses", title="C", credits=3)
    assert api.patch(f"/api/courses/{course['id']}", json={field: value}).status_code == 422


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price", "0"),
        ("price", "999.51"),
        ("price", "1.001"),
        ("price", 1.001),
        ("price", "NaN"),
        ("price", "Infinity"),
        ("price", "1e2"),
        ("price", True),
        ("price", ""),
        ("price", None),
        ("weight", "0.0001"),
        ("weight", "1234567890123456.000"),
        ("balance", "12345678901234567.00"),
        ("ratio", "1.5"),
        ("ratio", False),
        ("ratio", 10**400),
        ("is_active", 1),
        ("is_active", "true"),
        ("is_active", None),
        ("made_on", "1999-12-31"),
        ("made_on", "2024-02-30"),
        ("made_on", "2024-01-01T00:00:00"),
        ("made_on", 0),
        ("made_on", "1704067200"),
        ("opens", "07:59"),
        ("opens", "24:00"),
        ("opens", 30),
        ("seen_at", "yesterday"),
        ("seen_at", 0),
        ("seen_at", "0001-01-01T00:00:00+01:00"),
        ("site", "example.com"),
        ("site", "javascript:alert(1)"),
        ("site", "https://exa mple.com"),
        ("phone", "12"),
        ("phone", "call me"),
        ("key", "1"),
        ("code", "abc"),
        ("nickname", "x"),
        ("nickname", "xxxxxx"),
        ("class", "d"),
        ("class", None),
        ("limit", 11),
        ("limit", True),
        ("metadata_", "x"),
        ("class_", "c"),
    ],
)
def test_a_wrong_product_is_refused_and_the_field_named(
    api: httpx.Client, field: str, value: object
) -> None:
    answer = api.post("/api/products", json={"title": "T"} | {field: value})
    assert answer.status_code == 422
    assert field in detail(answer)


@pytest.mark.parametrize("email", ["nobody", "a@", "@b.com", "a b@c.com", "a@@b.com", "a@b"])
def test_a_wrong_e_mail_is_refused(api: httpx.Client, email: str) -> None:
    answer = api.post("/api/students", json=student(email=email))
    assert answer.status_code == 422
    assert "email" in detail(answer)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b'{"name": NaN}',
        b'{"name": Infinity}',
        b'{"name": 1e999}',
        b'{"name": "\\ud800"}',
        b'{"\\ud800": 1}',
        b"[" * 100_000,
        b'{"name": ' + b"9" * 5_000 + b"}",
    ],
    ids=lambda body: repr(body[:20]),
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_broken_json_and_what_json_can_not_carry_is_a_422(
    api: httpx.Client, method: str, body: bytes
) -> None:
    teacher = new(api, "teachers", name="Ana")
    path = "/api/teachers" + ("" if method == "POST" else f"/{teacher['id']}")
    headers = {"content-type": "application/json"}
    answer = api.request(method, path, content=body, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_a_refusal_does_not_repeat_what_was_sent(api: httpx.Client) -> None:
    answer = api.post("/api/teachers", json={"name": ["a secret"]})
    assert answer.status_code == 422
    assert "a secret" not in answer.text


def test_a_body_of_another_kind_is_refused(api: httpx.Client) -> None:
    assert api.post("/api/teachers", data={"name": "Ana"}).status_code == 422


def test_a_taken_unique_value_is_a_409_that_names_the_field(api: httpx.Client) -> None:
    team = {"name": "Lions", "event_ids": [new(api, "events", name="E")["id"]]}
    new(api, "teams", **team)
    answer = api.post("/api/teams", json=team)
    assert answer.status_code == 409
    assert "name" in detail(answer)
    assert api.post("/api/teams", json=team | {"name": "lions"}).status_code == 201


def test_an_e_mail_is_unique_whatever_its_letter_case(api: httpx.Client) -> None:
    first = new(api, "students", **student(email="Ana.Lima@Example.com"))
    assert first["email"] == "Ana.Lima@Example.com"
    answer = api.post("/api/students", json=student(email="ana.lima@example.COM"))
    assert answer.status_code == 409
    assert "email" in detail(answer)
    found = api.get("/api/students", params={"email": "ANA.LIMA@example.com"}).json()
    assert [item["id"] for item in found] == [first["id"]]
    same = api.patch(f"/api/students/{first['id']}", json={"email": "ana.lima@example.com"})
    assert same.status_code == 200


def test_a_refused_change_leaves_the_record_as_it_was(api: httpx.Client) -> None:
    new(api, "students", **student(email="taken@example.com"))
    stored = new(api, "students", **student())
    change = {"name": "Eva", "email": "taken@example.com"}
    assert api.patch(f"/api/students/{stored['id']}", json=change).status_code == 409
    assert api.get(f"/api/students/{stored['id']}").json() == stored


# Values


@pytest.mark.parametrize(
    ("field", "sent", "answered"),
    [
        ("price", "12.5", "12.50"),
        ("price", 12.5, "12.50"),
        ("price", 12, "12.00"),
        ("price", 0.1, "0.10"),
        ("price", "999.50", "999.50"),
        ("weight", "999999999999999.999", "999999999999999.999"),
        ("weight", "-0", "0.000"),
        ("balance", "9007199254740993.01", "9007199254740993.01"),
        ("ratio", 1, 1.0),
        ("ratio", 1e-300, 1e-300),
        ("order", 2**63 - 1, 2**63 - 1),
        ("order", -(2**63), -(2**63)),
        ("opens", "08:00", "08:00:00"),
        ("seen_at", "2024-01-01T12:00:00", "2024-01-01T12:00:00Z"),
        ("seen_at", "2024-01-01T12:00:00-03:00", "2024-01-01T15:00:00Z"),
        ("seen_at", "2024-01-01T12:00:00.123456Z", "2024-01-01T12:00:00.123456Z"),
        ("site", "https://example.com:8080/a?b=c#d", "https://example.com:8080/a?b=c#d"),
        ("site", "http://intranet", "http://intranet"),
        ("phone", "+55 (11) 91234-5678", "+55 (11) 91234-5678"),
        ("key", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
        ("title", "  white  space  ", "  white  space  "),
        ("title", "日本語 \U0001f600 \u0000 é e\u0301 ' \" \\ <b>", None),
        ("title", "x" * 100_000, None),
        ("class", "it's", None),
        ("class", "a:b", None),
        ("metadata", "a word that SQLAlchemy keeps", None),
        ("json", "a word that Pydantic keeps", None),
        ("from", "2024-01-01", None),
        ("metadata", "", None),
    ],
)
def test_a_value_comes_back_exactly(
    api: httpx.Client, field: str, sent: object, answered: object
) -> None:
    stored = new(api, "products", **({"title": "T"} | {field: sent}))
    expected = sent if answered is None else answered
    assert stored[field] == expected
    assert api.get(f"/api/products/{stored['id']}").json() == stored


def test_what_is_left_out_gets_its_default(api: httpx.Client) -> None:
    stored = new(api, "products", title="T")
    assert (stored["class"], stored["limit"], stored["price"]) == ("c", 5, "1.00")
    assert stored["is_active"] is True
    today = datetime.datetime.now().astimezone().date()
    assert abs(datetime.date.fromisoformat(stored["made_on"]) - today).days <= 1
    moment = datetime.datetime.fromisoformat(stored["datetime"])
    assert stored["datetime"].endswith("Z")
    assert abs(datetime.datetime.now(datetime.UTC) - moment) < datetime.timedelta(minutes=1)


def test_decimals_are_kept_as_whole_numbers(api: httpx.Client, folder: Path) -> None:
    stored = new(api, "products", title="T", weight="0.001", price="10.10")
    file = folder / "app" / "database" / "baes_system.db"
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
        query = "SELECT weight, price, typeof(weight) FROM products WHERE id = ?"
        assert connection.execute(query, [stored["id"]]).fetchone() == (1, 1010, "integer")
    connection.close()


# Lists


@pytest.fixture(scope="module")
def named(api: httpx.Client) -> list[int]:
    """Ids of products with weights and notes, in the order of their creation."""
    values = [("b", "2"), ("A", None), ("É", "10"), ("a", "1.5"), (None, "-1"), ("é", "2")]
    return [
        new(api, "products", title="listed", metadata=text, weight=weight)["id"]
        for text, weight in values
    ]


def listed(api: httpx.Client, **query: Any) -> list[int]:
    answer = api.get("/api/products", params={"title": "listed", **query})
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()]


def test_lists_are_by_id_and_counted(api: httpx.Client, named: list[int]) -> None:
    answer = api.get("/api/products", params={"title": "listed", "skip": 1, "limit": 2})
    assert [item["id"] for item in answer.json()] == named[1:3]
    assert answer.headers["X-Total-Count"] == "6"
    assert listed(api, skip=100) == []


def test_sorting_ignores_case_and_puts_nulls_last(api: httpx.Client, named: list[int]) -> None:
    b, big_a, big_e, a, none, e = named
    assert listed(api, sort="metadata") == [big_a, a, b, big_e, e, none]
    assert listed(api, sort="-metadata") == [big_e, e, b, big_a, a, none]
    assert listed(api, sort="weight") == [none, a, b, e, big_e, big_a]
    assert listed(api, sort="-id") == named[::-1]


def test_a_filter_given_twice_means_either(api: httpx.Client, named: list[int]) -> None:
    assert listed(api, metadata=["a", "b"]) == [named[0], named[3]]
    assert listed(api, weight=["2", "10.000"]) == [named[0], named[2], named[5]]
    assert listed(api, metadata="a", weight="2") == []


@pytest.mark.parametrize(
    ("field", "value", "parameter"),
    [
        ("limit", 3, "limit__eq"),
        ("sort", "x", "sort__eq"),
        ("class", "a:b", "class"),
        ("is_active", False, "is_active"),
        ("made_on", "2001-01-01", "made_on"),
        ("seen_at", "2001-01-01T00:00:00Z", "seen_at"),
        ("opens", "09:30:00", "opens"),
        ("ratio", 0.25, "ratio"),
        ("key", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12", "key"),
        ("metadata", "", "metadata"),
    ],
)
def test_each_type_is_filtered(api: httpx.Client, field: str, value: Any, parameter: str) -> None:
    stored = new(api, "products", title="filtered", **{field: value})
    answer = api.get("/api/products", params={"title": "filtered", parameter: value})
    assert answer.status_code == 200
    assert [item["id"] for item in answer.json()] == [stored["id"]]


@pytest.mark.parametrize(
    ("query", "named_field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("skip=-1", "skip"),
        ("skip=99999999999999999999", "skip"),
        ("sort=colour", "sort"),
        ("sort=", "sort"),
        ("colour=red", "colour"),
        ("weight=", "weight"),
        ("order=", "order"),
        ("order=x", "order"),
        ("order=99999999999999999999", "order"),
        ("is_active=", "is_active"),
        ("made_on=", "made_on"),
        ("made_on=x", "made_on"),
        ("ratio=nan", "ratio"),
        ("weight=0.0001", "weight"),
    ],
)
def test_a_query_that_makes_no_sense_is_a_422(
    api: httpx.Client, query: str, named_field: str
) -> None:
    answer = api.get(f"/api/products?{query}")
    assert answer.status_code == 422
    assert named_field in detail(answer)


def test_lists_have_twenty_records_unless_asked(api: httpx.Client) -> None:
    for number in range(21):
        new(api, "order_items", quantity=number, product_id=new(api, "products", title="T")["id"])
    assert len(api.get("/api/order_items").json()) == 20
    assert len(api.get("/api/order_items?limit=100").json()) == 21


# Relationships


def test_many_to_one_is_seen_from_both_sides(api: httpx.Client) -> None:
    teacher = new(api, "teachers", name="Ana")
    course = new(api, "courses", title="C", credits=1, teacher_id=teacher["id"])
    later = new(api, "courses", title="D", credits=1, teacher_id=teacher["id"])
    assert course["teacher_id"] == teacher["id"]
    assert api.get(f"/api/courses/{course['id']}/teacher").json() == teacher
    path = f"/api/teachers/{teacher['id']}/courses"
    assert api.get(path).json() == [course, later]
    page = api.get(path, params={"sort": "-title", "limit": 1})
    assert page.json() == [later]
    assert page.headers["X-Total-Count"] == "2"
    assert api.get(path, params={"title": "C"}).json() == [course]
    assert api.get(path, params={"colour": "red"}).status_code == 422
    found = api.get("/api/courses", params={"teacher_id": teacher["id"]}).json()
    assert found == [course, later]


def test_an_unset_reference_is_a_404_at_its_path(api: httpx.Client) -> None:
    course = new(api, "courses", title="C", credits=1)
    assert course["teacher_id"] is None
    assert api.get(f"/api/courses/{course['id']}/teacher").status_code == 404
    assert api.get("/api/courses/999999/teacher").status_code == 404
    assert api.get("/api/teachers/999999/courses").status_code == 404


def test_deleting_what_an_optional_reference_names_makes_it_null(api: httpx.Client) -> None:
    teacher = new(api, "teachers", name="Ana")
    course = new(api, "courses", title="C", credits=1, teacher_id=teacher["id"])
    assert api.delete(f"/api/teachers/{teacher['id']}").status_code == 204
    assert api.get(f"/api/courses/{course['id']}").json() == course | {"teacher_id": None}


def test_deleting_what_a_required_reference_needs_is_a_409(api: httpx.Client) -> None:
    product = new(api, "products", title="T")
    for _ in range(2):
        new(api, "order_items", quantity=1, product_id=product["id"])
    answer = api.delete(f"/api/products/{product['id']}")
    assert answer.status_code == 409
    assert "2 order items" in detail(answer)
    assert "product_id" in detail(answer)
    assert api.get(f"/api/products/{product['id']}").status_code == 200


def test_a_required_reference_can_not_be_left_out_or_null(api: httpx.Client) -> None:
    for body in ({"quantity": 1}, {"quantity": 1, "product_id": None}):
        answer = api.post("/api/order_items", json=body)
        assert answer.status_code == 422
        assert "product_id" in detail(answer)


def test_many_to_many_is_read_and_written_by_ids(api: httpx.Client) -> None:
    one, two = (new(api, "courses", title=title, credits=1) for title in "AB")
    ids = [one["id"], two["id"]]
    stored = new(api, "students", **student(course_ids=[two["id"], one["id"], one["id"]]))
    assert stored["course_ids"] == ids
    assert api.get(f"/api/students/{stored['id']}/courses").json() == [one, two]
    assert api.get(f"/api/courses/{one['id']}/students").json() == [stored]
    assert "student_ids" not in one
    path = f"/api/students/{stored['id']}"
    assert api.patch(path, json={"course_ids": [two["id"]]}).json()["course_ids"] == [two["id"]]
    assert api.patch(path, json={"name": "Eva"}).json()["course_ids"] == [two["id"]]
    assert api.patch(path, json={"course_ids": []}).json()["course_ids"] == []
    for wrong in ([999999], [0], ["1"], None, 1, [2**63]):
        answer = api.patch(path, json={"course_ids": wrong})
        assert answer.status_code == 422
        assert "course_ids" in detail(answer)
    page = api.get(f"/api/courses/{one['id']}/students", params={"sort": "-name", "limit": 1})
    assert page.headers["X-Total-Count"] == "0"


def test_links_are_made_and_cut_one_by_one(api: httpx.Client) -> None:
    course = new(api, "courses", title="C", credits=1)
    stored = new(api, "students", **student())
    link = f"/api/students/{stored['id']}/courses/{course['id']}"
    assert api.put(link).status_code == 204
    assert api.put(link).status_code == 204
    assert api.get(f"/api/students/{stored['id']}").json()["course_ids"] == [course["id"]]
    assert api.delete(link).status_code == 204
    assert api.delete(link).status_code == 404
    for missing in (999999, 2**63):
        assert api.put(f"/api/students/{stored['id']}/courses/{missing}").status_code == 404
        assert api.delete(f"/api/students/{stored['id']}/courses/{missing}").status_code == 404
    assert api.put(f"/api/students/999999/courses/{course['id']}").status_code == 404


def test_links_go_with_either_record(api: httpx.Client) -> None:
    course = new(api, "courses", title="C", credits=1)
    first = new(api, "students", **student(course_ids=[course["id"]]))
    second = new(api, "students", **student(course_ids=[course["id"]]))
    assert api.delete(f"/api/students/{first['id']}").status_code == 204
    assert api.get(f"/api/courses/{course['id']}/students").json() == [second]
    assert api.delete(f"/api/courses/{course['id']}").status_code == 204
    assert api.get(f"/api/students/{second['id']}").json()["course_ids"] == []


def test_ids_are_named_after_the_relationship(api: httpx.Client) -> None:
    person = new(api, "people", name="Ana")
    event = new(api, "events", name="Party", attendee_ids=[person["id"]])
    assert event["attendee_ids"] == [person["id"]]
    assert api.get(f"/api/events/{event['id']}/attendees").json() == [person]
    assert api.get(f"/api/people/{person['id']}/events").json() == [event]


def test_a_required_many_to_many_keeps_one_link(api: httpx.Client) -> None:
    event = new(api, "events", name="Cup")
    answer = api.post("/api/teams", json={"name": "Tigers", "event_ids": []})
    assert answer.status_code == 422
    assert "event_ids" in detail(answer)
    team = new(api, "teams", name="Tigers", event_ids=[event["id"]])
    cut = api.delete(f"/api/teams/{team['id']}/events/{event['id']}")
    assert cut.status_code == 409
    gone = api.delete(f"/api/events/{event['id']}")
    assert gone.status_code == 409
    assert "teams" in detail(gone)


def test_two_relationships_to_one_entity_are_told_apart(api: httpx.Client) -> None:
    event = new(api, "events", name="Cup")["id"]
    home, away = (
        new(api, "teams", name=f"{side}{next(_numbers)}", event_ids=[event])
        for side in ("home", "away")
    )
    match = new(api, "matches", day="2024-01-01", home_team_id=home["id"], away_team_id=away["id"])
    assert api.get(f"/api/matches/{match['id']}/home_team").json() == home
    assert api.get(f"/api/matches/{match['id']}/away_team").json() == away
    assert api.get(f"/api/teams/{home['id']}/matches_as_home_team").json() == [match]
    assert api.get(f"/api/teams/{home['id']}/matches_as_away_team").json() == []


def test_a_self_reference_is_seen_from_both_sides(api: httpx.Client) -> None:
    boss = new(api, "people", name="Ana")
    person = new(api, "people", name="Eva", manager_id=boss["id"])
    assert api.get(f"/api/people/{person['id']}/manager").json() == boss
    assert api.get(f"/api/people/{boss['id']}/people_as_manager").json() == [person]


def test_one_to_one_is_unique_and_singular_from_the_other_side(api: httpx.Client) -> None:
    person = new(api, "people", name="Ana")
    assert api.get(f"/api/people/{person['id']}/profile").status_code == 404
    profile = new(api, "profiles", bio="B", person_id=person["id"])
    assert api.get(f"/api/people/{person['id']}/profile").json() == profile
    assert api.get(f"/api/profiles/{profile['id']}/person").json() == person
    taken = api.post("/api/profiles", json={"person_id": person["id"]})
    assert taken.status_code == 409
    assert "person_id" in detail(taken)
    assert new(api, "profiles")["person_id"] is None
    assert new(api, "profiles")["person_id"] is None


# What refusals say


def problems(answer: httpx.Response) -> list[dict[str, Any]]:
    """The list in ``detail``, each with a place, a sentence and a type, and maybe a context."""
    found: list[dict[str, Any]] = answer.json()["detail"]
    for problem in found:
        assert problem.keys() - {"ctx"} == {"loc", "msg", "type"}, problem
        assert problem["msg"]
        assert problem["type"]
    return found


@pytest.mark.parametrize(
    ("collection", "body", "kind", "ctx"),
    [
        ("courses", {"title": "C"}, "missing", None),
        ("courses", {"title": "C", "credits": 0}, "greater_than_equal", {"ge": 1}),
        ("courses", {"title": "C", "credits": 13}, "less_than_equal", {"le": 12}),
        ("courses", {"title": "C", "credits": "1"}, "int_type", None),
        ("courses", {"title": "x" * 256, "credits": 1}, "string_too_long", {"max_length": 255}),
        ("courses", {"title": " ", "credits": 1}, "blank", None),
        ("courses", {"title": "C", "credits": 1, "colour": 1}, "extra_forbidden", None),
        (
            "courses",
            {"title": "C", "credits": 1, "teacher_id": 999999},
            "missing_reference",
            {"entity": "Teacher"},
        ),
        ("products", {"title": "T", "class": "d"}, "choice", {"choices": ["a:b", "it's", "c"]}),
        ("products", {"title": "T", "price": "0"}, "greater_than", {"gt": "0.00"}),
        ("products", {"title": "T", "price": "x"}, "decimal", None),
        (
            "products",
            {"title": "T", "weight": "0.0001"},
            "digits",
            {"decimal_places": 3, "max_digits": 18},
        ),
        ("products", {"title": "T", "made_on": "1999-12-31"}, "greater_than_equal", None),
        ("products", {"title": "T", "code": "x"}, "pattern", {"pattern": "[A-Z]{3}-[0-9]+"}),
        ("products", {"title": "T", "code": "ABC-1x"}, "pattern", {"pattern": "[A-Z]{3}-[0-9]+"}),
        ("products", {"title": "T", "code": "ABC-1\n"}, "pattern", {"pattern": "[A-Z]{3}-[0-9]+"}),
        ("products", {"title": "T", "nickname": "x"}, "string_too_short", {"min_length": 2}),
        ("teams", {"name": "T", "event_ids": []}, "too_short", {"min_length": 1}),
        ("students", {"name": "A", "email": "x", "birth_date": "2000-01-01"}, "email", None),
    ],
)
def test_a_refusal_names_its_type_and_the_limit(
    api: httpx.Client, collection: str, body: dict[str, Any], kind: str, ctx: dict[str, Any] | None
) -> None:
    answer = api.post(f"/api/{collection}", json=body)
    assert answer.status_code == 422
    (problem,) = problems(answer)
    assert problem["type"] == kind
    assert problem["loc"][0] == "body"
    if ctx is not None:
        assert problem["ctx"] == ctx


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/api/teachers/999999", 404, "not_found"),
        ("GET", "/nowhere", 404, "not_found"),
        ("POST", "/api/teachers/1", 405, "method_not_allowed"),
        ("GET", "/api/teachers/x", 422, "int_parsing"),
        ("GET", "/api/teachers?limit=101", 422, "less_than_equal"),
        ("POST", "/api/teachers", 422, "missing"),
    ],
)
def test_every_refusal_has_the_same_form(
    api: httpx.Client, method: str, path: str, status: int, kind: str
) -> None:
    answer = api.request(method, path)
    assert answer.status_code == status
    assert [problem["type"] for problem in problems(answer)] == [kind]


def test_a_taken_value_is_named_by_its_type(api: httpx.Client) -> None:
    taken = new(api, "students", **student())
    answer = api.post("/api/students", json=student(email=taken["email"].upper()))
    assert answer.status_code == 409
    (problem,) = problems(answer)
    assert (problem["type"], problem["loc"]) == ("taken", ["body", "email"])


def test_a_refused_delete_says_who_needs_the_record(api: httpx.Client) -> None:
    event = new(api, "events", name="Cup")["id"]
    team, other = (
        new(api, "teams", name=f"needed{next(_numbers)}", event_ids=[event])["id"] for _ in "ab"
    )
    for _ in "ab":
        new(api, "matches", day="2024-01-01", home_team_id=team, away_team_id=other)
    (problem,) = problems(api.delete(f"/api/teams/{team}"))
    need = {"entity": "Match", "path": "/api/matches", "field": "home_team_id", "count": 2}
    assert problem["type"] == "needed"
    assert problem["msg"] == "the team is needed by 2 matches"
    assert problem["ctx"] == {"needed_by": [need]}
    (problem,) = problems(api.delete(f"/api/events/{event}"))
    need = {"entity": "Team", "path": "/api/teams", "field": "event_ids", "count": 2}
    assert problem["msg"] == "the event is needed by 2 teams"
    assert problem["ctx"] == {"needed_by": [need]}
    product = new(api, "products", title="T")["id"]
    new(api, "order_items", quantity=1, product_id=product)
    (problem,) = problems(api.delete(f"/api/products/{product}"))
    assert problem["msg"] == "the product is needed by 1 order item"


# Settings and life


def test_an_api_key_is_wanted_by_every_path_but_health(folder: Path, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'other.db'}"
    with serving(folder, API_KEY="s3cret", DATABASE_URL=database) as client:
        assert client.get("/health").status_code == 200
        for path in ("/", "/docs", "/openapi.json", "/api/students", "/nowhere"):
            assert client.get(path).status_code == 401
            assert client.get(path, headers={"X-API-Key": "wrong"}).status_code == 401
        headers = {"X-API-Key": "s3cret"}
        assert client.get("/api/students", headers=headers).json() == []


def test_data_and_custom_routes_survive_a_restart(tmp_path: Path) -> None:
    write_system(tmp_path, SCHOOL)
    with serving(tmp_path) as client:
        teacher = new(client, "teachers", name="Ana")
    (tmp_path / "app" / "custom" / "__init__.py").write_text(
        "from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n"
        '@router.get("/hello")\nasync def hello() -> str:\n    return "hello"\n'
    )
    write_system(tmp_path, SCHOOL)
    origin = {"Origin": "http://pages.example"}
    with serving(tmp_path, CORS_ORIGINS="http://pages.example,http://b.example") as client:
        answer = client.get("/api/teachers", headers=origin)
        assert answer.json() == [teacher]
        assert answer.headers["access-control-allow-origin"] == "http://pages.example"
        assert client.get("/hello").json() == "hello"
