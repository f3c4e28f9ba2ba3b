"""What a visitor does on the generated pages, against the generated API."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.integration.page_system import PageSystem, generate, serving


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageSystem]:
    system = generate(tmp_path_factory.mktemp("pages"))
    health = f"{system.api_url}/health"
    command = ["-m", "app"]
    with serving(command, system.folder, health, API_PORT=str(system.api_port)):
        yield system


@pytest.fixture
def system(served: PageSystem, monkeypatch: pytest.MonkeyPatch) -> Iterator[PageSystem]:
    served.clear()
    monkeypatch.setenv("API_URL", served.api_url)
    yield served
    folder = str(served.folder / "ui")
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None) or "").startswith(folder):
            del sys.modules[name]


def opened(system: PageSystem, entity: str, **query: str) -> AppTest:
    """An entity's page, as its address asks for it."""
    page = AppTest.from_file(str(system.folder / "ui" / "app.py"), default_timeout=15)
    page.run()
    page.switch_page(f"pages/{entity}_page.py")
    for key, value in query.items():
        page.query_params[key] = value
    return ran(page)


def ran(page: AppTest) -> AppTest:
    """The page after one more run, in which nothing may go wrong."""
    page.run()
    assert not page.exception, [e.value for e in page.exception]
    return page


def labelled(page: AppTest, kind: str, label: str) -> Any:
    """The widget of that kind with a label."""
    found = [w for w in getattr(page, kind) if w.label == label]
    assert found, f"no {kind} {label!r} but {[w.label for w in getattr(page, kind)]}"
    return found[0]


def pressed(page: AppTest, label: str) -> AppTest:
    labelled(page, "button", label).click()
    return ran(page)


def texts(page: AppTest) -> str:
    """All that the page says in words."""
    kinds = ("markdown", "error", "info", "warning", "caption", "toast", "title", "subheader")
    return "\n".join(str(e.value) for kind in kinds for e in getattr(page, kind))


def rows(page: AppTest) -> list[dict[str, Any]]:
    return list(page.dataframe[0].value.to_dict("records"))


def test_an_empty_page_says_how_to_begin(system: PageSystem) -> None:
    assert "There are no students yet. Begin by adding" in texts(opened(system, "student"))


def test_the_overview_counts_the_records_of_each_kind(system: PageSystem) -> None:
    system.add("teachers", name="Ada")
    page = AppTest.from_file(str(system.folder / "ui" / "app.py"), default_timeout=15)
    ran(page)
    assert {m.label: m.value for m in page.metric} == {
        "Teachers": "1",
        "Courses": "0",
        "Students": "0",
        "Things": "0",
    }


def test_a_created_record_is_stored_and_shown(system: PageSystem) -> None:
    page = pressed(opened(system, "student"), "Add student")
    labelled(page, "text_input", "Name *").set_value("Zoe")
    labelled(page, "text_input", "Email *").set_value("zoe@example.org")
    labelled(page, "date_input", "Birth date").set_value(datetime.date(2004, 5, 17))
    page = pressed(page, "Save")
    assert [t.value for t in page.toast] == ["Zoe was added."]
    assert rows(page) == [
        {"name": "Zoe", "email": "zoe@example.org", "birth_date": "2004-05-17", "course_ids": ""}
    ]
    assert system.all("students")[0]["birth_date"] == "2004-05-17"


def test_refused_values_are_explained_at_their_fields_and_kept(system: PageSystem) -> None:
    page = opened(system, "course", new="1")
    labelled(page, "number_input", "Credits *").set_value(50)
    page = pressed(page, "Save")
    problems = [m.value for m in page.markdown if ":red[" in m.value]
    assert len(problems) == 3
    assert "Please fill this in." in problems[0]
    assert "12" in problems[1]
    assert labelled(page, "number_input", "Credits *").value == 50
    assert system.all("courses") == []


def test_a_taken_value_is_explained_at_its_field(system: PageSystem) -> None:
    system.add("students", name="Zoe", email="zoe@example.org")
    page = opened(system, "student", new="1")
    labelled(page, "text_input", "Name *").set_value("Other")
    labelled(page, "text_input", "Email *").set_value("ZOE@example.org")
    page = pressed(page, "Save")
    assert [m.value for m in page.markdown if ":red[" in m.value] == [
        ":small[:red[:material/error: the value is taken]]"
    ]


def test_an_edit_changes_only_what_was_edited(system: PageSystem) -> None:
    student = system.add("students", name="Zoe", email="zoe@example.org", birth_date="1815-12-10")
    page = opened(system, "student", id=str(student))
    assert page.title[0].value == "Zoe"
    labelled(page, "text_input", "Name *").set_value("Zoë")
    page = pressed(page, "Save")
    assert [t.value for t in page.toast] == ["Zoë was saved."]
    assert system.all("students") == [
        {
            "id": student,
            "name": "Zoë",
            "email": "zoe@example.org",
            "birth_date": "1815-12-10",
            "course_ids": [],
        }
    ]


def test_saving_without_a_change_says_so(system: PageSystem) -> None:
    thing = system.add("things", code="A1", active=True, opens="10:30:15", seen="2026-11-24T10:30Z")
    page = pressed(opened(system, "thing", id=str(thing)), "Save")
    assert [t.value for t in page.toast] == ["Nothing was changed."]
    assert system.all("things")[0]["opens"].startswith("10:30:15")


def test_a_record_is_deleted_after_a_confirmation(system: PageSystem) -> None:
    teacher = system.add("teachers", name="Ada")
    page = opened(system, "teacher", id=str(teacher))
    assert "Delete Ada? This can't be undone." in texts(page)
    page = pressed(page, "Yes, delete")
    assert [t.value for t in page.toast] == ["Ada was deleted."]
    assert system.all("teachers") == []


def test_a_refused_delete_says_what_refers_to_the_record(system: PageSystem) -> None:
    teacher = system.add("teachers", name="Ada")
    system.add("courses", title="Logic", credits=3, teacher_id=teacher)
    page = pressed(opened(system, "teacher", id=str(teacher)), "Yes, delete")
    assert "Ada can't be deleted." in page.error[0].value
    assert "1 of courses" in page.error[0].value
    assert "Courses (1)" in texts(page)


def test_related_records_are_picked_and_shown_by_name(system: PageSystem) -> None:
    ada, alan = (system.add("teachers", name=name) for name in ("Ada", "Alan"))
    page = opened(system, "course", new="1")
    labelled(page, "text_input", "Title *").set_value("Logic")
    labelled(page, "number_input", "Credits *").set_value(3)
    picker = labelled(page, "selectbox", "Teacher *")
    assert list(picker.options) == ["Ada", "Alan"]
    picker.set_value(alan)
    page = pressed(page, "Save")
    assert rows(page) == [{"title": "Logic", "credits": "3", "teacher_id": "Alan"}]
    assert system.all("courses")[0]["teacher_id"] == alan != ada


def test_several_related_records_are_picked_by_name(system: PageSystem) -> None:
    teacher = system.add("teachers", name="Ada")
    courses = [
        system.add("courses", title=title, credits=3, teacher_id=teacher)
        for title in ("Logic", "Music", "Optics")
    ]
    student = system.add("students", name="Zoe", email="z@example.org", course_ids=courses[:1])
    page = opened(system, "student", id=str(student))
    labelled(page, "multiselect", "Courses").set_value(courses[1:])
    page = pressed(page, "Save")
    assert rows(page)[0]["course_ids"] == "Music, Optics"
    assert system.all("students")[0]["course_ids"] == courses[1:]


def test_records_of_one_name_are_told_apart(system: PageSystem) -> None:
    ids = [system.add("teachers", name="Ada") for _ in range(2)]
    page = opened(system, "course", new="1")
    options = list(labelled(page, "selectbox", "Teacher *").options)
    assert options == [f"Ada ({i})" for i in ids]


def test_optional_values_can_be_left_and_made_empty(system: PageSystem) -> None:
    page = opened(system, "thing", new="1")
    labelled(page, "text_input", "Code \\*of\\* \\[it\\] *").set_value("A1")
    pressed(page, "Save")
    empty = system.all("things")[0]
    assert empty.pop("count") == 3
    assert {k for k, v in empty.items() if v is not None} == {"id", "code", "active"}

    values = {"notes": "x", "count": 5, "made_on": "2026-01-02", "size": "small", "price": "1.50"}
    thing = system.add("things", code="A2", active=True, checked=True, weight=0.125, **values)
    page = opened(system, "thing", id=str(thing))
    labelled(page, "text_area", "Notes").set_value("")
    labelled(page, "number_input", "Count").set_value(None)
    labelled(page, "number_input", "Weight (kg)").set_value(None)
    labelled(page, "date_input", "Made on").set_value(None)
    labelled(page, "selectbox", "Size").set_value(None)
    labelled(page, "selectbox", "Checked").set_value(None)
    labelled(page, "text_input", "Price").set_value("")
    pressed(page, "Save")
    cleared = system.all("things")[1]
    assert {k for k, v in cleared.items() if v is not None} == {"id", "code", "active"}


def test_every_type_of_value_can_be_entered(system: PageSystem) -> None:
    page = opened(system, "thing", new="1")
    labelled(page, "text_input", "Code \\*of\\* \\[it\\] *").set_value("A1")
    labelled(page, "text_area", "Notes").set_value("two\nlines")
    labelled(page, "number_input", "Weight (kg)").set_value(0.125)
    labelled(page, "text_input", "Price").set_value("9999999999999999,99")
    labelled(page, "checkbox", "Active").check()
    labelled(page, "selectbox", "Checked").set_value(False)
    labelled(page, "date_input", "Made on").set_value(datetime.date(1, 1, 1))
    labelled(page, "time_input", "Opens").set_value(datetime.time(9, 5))
    labelled(page, "text_input", "Site").set_value("https://example.org/a")
    labelled(page, "text_input", "Call").set_value("+55 11 91234-5678")
    labelled(page, "selectbox", "Size").set_value("large")
    page = pressed(page, "Save")
    row = rows(page)[0]
    assert row["notes"] == "two lines"
    assert row["price"] == "9999999999999999.99"
    assert (row["active"], row["checked"], row["size"]) == ("Yes", "No", "large")
    assert row["made_on"] == "0001-01-01"
    stored = system.all("things")[0]
    assert (stored["notes"], stored["weight"], stored["checked"]) == ("two\nlines", 0.125, False)


def test_values_that_no_widget_holds_open_all_the_same(system: PageSystem) -> None:
    thing = system.add("things", code="A1", active=True, count=2**63 - 1, seen="9999-12-31T23:59Z")
    page = opened(system, "thing", id=str(thing))
    assert labelled(page, "text_input", "Count").value == str(2**63 - 1)
    assert rows(opened(system, "thing"))[0]["count"] == str(2**63 - 1)


def test_long_tables_are_paged_and_sorted_by_the_api(system: PageSystem) -> None:
    for number in range(25):
        system.add("teachers", name=f"T{number:02}")
    page = opened(system, "teacher")
    assert len(rows(page)) == 20
    assert "1 to 20 of 25" in texts(page)
    page.session_state["/api/teachers.sort"] = "-name"
    assert rows(ran(page))[0]["name"] == "T24"


def test_a_search_finds_part_of_any_text_letter_case_aside(system: PageSystem) -> None:
    for name in ("Ágata", "Alan_T", "Ada", "100% sure"):
        system.add("teachers", name=name)
    page = opened(system, "teacher")
    for words, found in (("ágA", ["Ágata"]), ("_t", ["Alan_T"]), ("%", ["100% sure"])):
        page.text_input[0].set_value(words)
        assert [row["name"] for row in rows(ran(page))] == found
    page.text_input[0].set_value("nobody")
    assert "Nothing found." in texts(ran(page))


def test_a_picker_of_many_records_searches_in_the_api(system: PageSystem) -> None:
    ids = [system.add("teachers", name=f"T{number:02}") for number in range(25)]
    page = opened(system, "course", new="1")
    assert len(labelled(page, "selectbox", "Teacher *").options) == 20
    labelled(page, "text_input", "Search teachers").set_value("t23")
    picker = labelled(ran(page), "selectbox", "Teacher *")
    assert list(picker.options) == ["T23"]
    picker.set_value(ids[23])
    ran(page)
    labelled(page, "text_input", "Search teachers").set_value("t01")
    assert list(labelled(ran(page), "selectbox", "Teacher *").options) == ["T01", "T23"]
    assert labelled(page, "selectbox", "Teacher *").value == ids[23]


def test_a_record_that_is_gone_is_explained(system: PageSystem) -> None:
    assert "not there any more" in texts(opened(system, "student", id="999"))


def test_an_api_that_is_down_is_explained_with_what_to_do(
    system: PageSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(system, "student", new="1")
    labelled(page, "text_input", "Name *").set_value("Zoe")
    monkeypatch.setenv("API_URL", "http://127.0.0.1:9")
    page = pressed(page, "Save")
    assert "Check that the API is running at http\\://127.0.0.1\\:9" in texts(page)
    assert labelled(page, "text_input", "Name *").value == "Zoe"
    monkeypatch.setenv("API_URL", system.api_url)
    labelled(page, "text_input", "Email *").set_value("zoe@example.org")
    pressed(page, "Save")
    assert [s["name"] for s in system.all("students")] == ["Zoe"]


def test_the_same_system_gives_the_same_pages(system: PageSystem, tmp_path: Path) -> None:
    again = generate(tmp_path)
    for file in (system.folder / "ui").rglob("*.py"):
        copy = again.folder / file.relative_to(system.folder)
        assert copy.read_bytes() == file.read_bytes()
