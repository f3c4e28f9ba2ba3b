"""What a visitor does on the generated pages, against the generated API."""

from __future__ import annotations

import datetime
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.integration.page_system import PageSystem, generate, serving
from tests.integration.strict_types import type_faults


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
    boxes = ("error", "info", "warning", "success", "toast")
    kinds = (*boxes, "markdown", "caption", "title", "subheader")
    return "\n".join(str(e.value) for kind in kinds for e in getattr(page, kind))


def rows(page: AppTest) -> list[dict[str, Any]]:
    return list(page.dataframe[0].value.to_dict("records"))


def listed(system: PageSystem, entity: str, **query: str) -> list[dict[str, Any]]:
    return rows(opened(system, entity, **query))


def problems(page: AppTest) -> list[str]:
    """What is said below the fields."""
    red = re.compile(r":small\[:red\[:material/error: (.*)\]\]")
    return [found[1] for m in page.markdown if (found := red.fullmatch(m.value))]


def links(page: AppTest) -> list[str]:
    return [link.label for link in page.page_link]


def test_an_empty_list_says_how_to_begin(system: PageSystem) -> None:
    assert "No records yet. Begin with “New record”" in texts(opened(system, "student"))


def test_the_start_page_counts_the_records_and_draws_how_they_relate(system: PageSystem) -> None:
    system.add("teachers", name="Ada")
    page = AppTest.from_file(str(system.folder / "ui" / "app.py"), default_timeout=15)
    ran(page)
    assert {m.label: m.value for m in page.metric} == {
        "Teachers": "1",
        "Courses": "0",
        "Students": "0",
        "Things": "0",
    }
    diagram = page.get("graphviz_chart")[0].proto.spec
    assert '"/api/courses" -> "/api/teachers" [label=<Teacher> arrowtail=crow' in diagram
    assert "Code *of* [it]" in diagram


def test_a_created_record_is_stored_and_shown(system: PageSystem) -> None:
    page = pressed(opened(system, "student"), "New record")
    labelled(page, "text_input", "Name *").set_value("Zoe")
    labelled(page, "text_input", "Email *").set_value("zoe@example.org")
    labelled(page, "date_input", "Birth date").set_value(datetime.date(2004, 5, 17))
    page = pressed(page, "Save")
    assert [t.value for t in page.toast] == ["Zoe was added."]
    assert page.title[0].value == "Zoe"
    assert "17 May 2004" in texts(page)
    assert listed(system, "student") == [
        {"name": "Zoe", "email": "zoe@example.org", "birth_date": "17 May 2004", "course_ids": ""}
    ]
    assert system.all("students")[0]["birth_date"] == "2004-05-17"


def test_refused_values_are_explained_at_their_fields_and_kept(system: PageSystem) -> None:
    page = opened(system, "course", new="1")
    labelled(page, "number_input", "Credits *").set_value(50)
    page = pressed(page, "Save")
    assert problems(page) == ["Please fill this in.", "at most 12", "Please fill this in."]
    assert labelled(page, "number_input", "Credits *").value == 50
    assert "Not saved yet." in page.error[0].value
    assert system.all("courses") == []


def test_a_taken_value_is_explained_at_its_field(system: PageSystem) -> None:
    system.add("students", name="Zoe", email="zoe@example.org")
    page = opened(system, "student", new="1")
    labelled(page, "text_input", "Name *").set_value("Other")
    labelled(page, "text_input", "Email *").set_value("ZOE@example.org")
    assert problems(pressed(page, "Save")) == ["This value is taken already."]


def test_limits_are_told_before_anything_is_entered(system: PageSystem) -> None:
    assert "from 1 to 12" in texts(opened(system, "course", new="1"))


def test_an_edit_changes_only_what_was_edited(system: PageSystem) -> None:
    student = system.add("students", name="Zoe", email="zoe@example.org", birth_date="1815-12-10")
    page = pressed(opened(system, "student", id=str(student)), "Edit")
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
    thing = system.add(
        "things",
        code="A1",
        active=True,
        opens="10:30:15",
        seen="2026-11-24T10:30Z",
        weight=0.1,
        price="0.10",
    )
    page = opened(system, "thing", id=str(thing), edit="1")
    page = pressed(page, "Save")
    assert [t.value for t in page.toast] == ["Nothing was changed."]
    assert system.all("things")[0]["opens"].startswith("10:30:15")


def test_what_a_deletion_changes_is_told_before(system: PageSystem) -> None:
    thing = system.add("things", code="A1", active=True)
    system.add("things", code="A2", active=True, part_of_id=thing)
    page = pressed(opened(system, "thing", id=str(thing)), "Delete")
    assert "1 record will no longer refer to this one." in texts(page)
    assert "Yes, delete" in [button.label for button in page.button]


def test_a_record_that_others_need_is_not_offered_for_deletion(system: PageSystem) -> None:
    teacher = system.add("teachers", name="Ada")
    system.add("courses", title="Logic", credits=3, teacher_id=teacher)
    page = pressed(opened(system, "teacher", id=str(teacher)), "Delete")
    assert "Courses: 1 record needs this one." in texts(page)
    assert "Yes, delete" not in [button.label for button in page.button]


def test_related_records_are_picked_and_shown_by_name(system: PageSystem) -> None:
    ada, alan = (system.add("teachers", name=name) for name in ("Ada", "Alan"))
    page = opened(system, "course", new="1")
    labelled(page, "text_input", "Title *").set_value("Logic")
    labelled(page, "number_input", "Credits *").set_value(3)
    picker = labelled(page, "selectbox", "Teacher *")
    assert list(picker.options) == ["Ada", "Alan"]
    picker.set_value(alan)
    page = pressed(page, "Save")
    assert "Alan" in links(page)
    assert listed(system, "course") == [{"title": "Logic", "credits": "3", "teacher_id": "Alan"}]
    assert system.all("courses")[0]["teacher_id"] == alan != ada


def test_several_related_records_are_picked_by_name(system: PageSystem) -> None:
    courses = add_courses(system, "Logic", "Music", "Optics")
    student = system.add("students", name="Zoe", email="z@example.org", course_ids=courses[:1])
    page = opened(system, "student", id=str(student), edit="1")
    labelled(page, "multiselect", "Courses").set_value(courses[1:])
    pressed(page, "Save")
    assert listed(system, "student")[0]["course_ids"] == "Music, Optics"
    assert system.all("students")[0]["course_ids"] == courses[1:]


def add_courses(system: PageSystem, *titles: str) -> list[int]:
    teacher = system.add("teachers", name="Ada")
    return [system.add("courses", title=t, credits=3, teacher_id=teacher) for t in titles]


@pytest.mark.parametrize("side", ["student", "course"])
def test_links_are_made_and_taken_away_on_either_side(system: PageSystem, side: str) -> None:
    logic, music = add_courses(system, "Logic", "Music")
    zoe = system.add("students", name="Zoe", email="z@example.org", course_ids=[logic])
    page = opened(system, side, id=str(zoe if side == "student" else music))
    if side == "student":
        assert "Courses (1)" in texts(page)
        labelled(page, "selectbox", "Add to Courses").set_value(music)
    else:
        assert "Students (0)" in texts(page)
        labelled(page, "selectbox", "Add to Students").set_value(zoe)
    page = ran(page)
    assert system.all("students")[0]["course_ids"] == [logic, music]
    page = pressed(page, "Remove")
    assert system.all("students")[0]["course_ids"] == ([music] if side == "student" else [logic])


def test_a_record_shows_its_children_page_by_page(system: PageSystem) -> None:
    add_courses(system, *(f"C{number:02}" for number in range(12)))
    page = opened(system, "teacher", id=str(system.all("teachers")[0]["id"]))
    assert "Courses (12)" in texts(page)
    assert len(rows(page)) == 10
    assert rows(page)[0] == {"title": "C00", "credits": "3"}
    page.pagination[0].set_value(2)
    assert [row["title"] for row in rows(ran(page))] == ["C10", "C11"]


def test_a_child_begun_on_its_parents_page_refers_to_it(system: PageSystem) -> None:
    teacher = system.add("teachers", name="Ada")
    page = opened(system, "teacher", id=str(teacher))
    begin = next(link for link in page.page_link if link.label == "New record")
    assert begin.proto.query_string == f"new=1&teacher_id={teacher}"
    page = opened(system, "course", new="1", teacher_id=str(teacher))
    assert labelled(page, "selectbox", "Teacher *").value == teacher


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
    page = opened(system, "thing", id=str(thing), edit="1")
    labelled(page, "text_area", "Notes").set_value("")
    labelled(page, "number_input", "Count").set_value(None)
    labelled(page, "text_input", "Weight (kg)").set_value("")
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
    labelled(page, "text_input", "Weight (kg)").set_value("0.125")
    labelled(page, "text_input", "Price").set_value("9999999999999999,99")
    labelled(page, "checkbox", "Active").check()
    labelled(page, "selectbox", "Checked").set_value(False)
    labelled(page, "date_input", "Made on").set_value(datetime.date(1, 1, 1))
    labelled(page, "time_input", "Opens").set_value(datetime.time(9, 5))
    seen = datetime.datetime.fromisoformat("2026-11-24T10:30")
    labelled(page, "datetime_input", "Seen").set_value(seen)
    labelled(page, "text_input", "Site").set_value("https://example.org/a")
    labelled(page, "text_input", "Call").set_value("+55 11 91234-5678")
    labelled(page, "selectbox", "Size").set_value("large")
    pressed(page, "Save")
    row = listed(system, "thing")[0]
    assert row["notes"] == "two lines"
    assert row["price"] == "9,999,999,999,999,999.99"
    assert (row["active"], row["checked"], row["size"]) == ("Yes", "No", "large")
    assert (row["opens"], row["seen"]) == ("09:05", "24 Nov 2026 10:30")
    stored = system.all("things")[0]
    assert (stored["notes"], stored["weight"], stored["checked"]) == ("two\nlines", 0.125, False)
    assert (stored["price"], stored["made_on"]) == ("9999999999999999.99", "0001-01-01")


def test_a_number_with_two_meanings_is_asked_about(system: PageSystem) -> None:
    page = opened(system, "thing", new="1")
    labelled(page, "text_input", "Code \\*of\\* \\[it\\] *").set_value("A1")
    labelled(page, "text_input", "Price").set_value("1,500")
    page = pressed(page, "Save")
    assert len(problems(page)) == 1
    assert "number" in problems(page)[0]
    assert system.all("things") == []


def test_values_that_no_widget_holds_open_all_the_same(system: PageSystem) -> None:
    thing = system.add("things", code="A1", active=True, count=2**63 - 1, seen="9999-12-31T23:59Z")
    page = opened(system, "thing", id=str(thing), edit="1")
    assert labelled(page, "text_input", "Count").value == str(2**63 - 1)
    assert listed(system, "thing")[0]["count"] == "9,223,372,036,854,775,807"


def test_the_address_says_what_a_list_shows(system: PageSystem) -> None:
    for number in range(25):
        system.add("teachers", name=f"T{number:02}")
    page = opened(system, "teacher")
    assert len(rows(page)) == 20
    assert "1 to 20 of 25" in texts(page)
    page = opened(system, "teacher", sort="-name", page="2")
    assert [row["name"] for row in rows(page)] == ["T04", "T03", "T02", "T01", "T00"]
    assert labelled(page, "selectbox", "Sort by").value == "-name"
    assert len(listed(system, "teacher", size="50")) == 25
    assert len(listed(system, "teacher", q="t1")) == 10


def test_what_the_visitor_asks_for_is_kept_in_the_address(system: PageSystem) -> None:
    logic, _ = add_courses(system, "Logic", "Music")
    teacher = system.all("teachers")[0]["id"]
    page = opened(system, "course", page="3")
    assert len(rows(page)) == 2  # the last page that there is
    page.text_input[0].set_value("log")
    page = ran(page)
    labelled(page, "selectbox", "Teacher").set_value(teacher)
    page = ran(page)
    labelled(page, "text_input", "Credits").set_value("3")
    page = ran(page)
    labelled(page, "selectbox", "Sort by").set_value("-title")
    page = ran(page)
    assert [row["title"] for row in rows(page)] == ["Logic"]
    assert address(page) == {
        "q": "log",
        "teacher_id": str(teacher),
        "credits": "3",
        "sort": "-title",
    }
    labelled(page, "selectbox", "Teacher").set_value(None)
    assert "teacher_id" not in address(ran(page))
    assert logic in [course["id"] for course in system.all("courses")]


def address(page: AppTest) -> dict[str, str]:
    return {key: page.query_params[key] for key in page.query_params}


def test_each_type_of_value_can_be_filtered_by(system: PageSystem) -> None:
    system.add("things", code="A", active=True, made_on="2026-01-02", size="small", price="1.50")
    system.add("things", code="B", active=False)
    for query in (
        {"active": "true"},
        {"made_on": "2026-01-02"},
        {"size__eq": "small"},
        {"price": "1.5"},
        {"code": "A"},
        {"count": "3", "active": "true"},
    ):
        assert [row["code"] for row in listed(system, "thing", **query)] == ["A"], query


def test_a_filter_that_makes_no_sense_is_explained(system: PageSystem) -> None:
    add_courses(system, "Logic")
    page = opened(system, "course", credits="many")
    assert page.error[0].value.startswith("Credits")
    page = pressed(page, "Credits: many")
    assert len(rows(page)) == 1


def test_filters_in_force_are_told_by_name_and_taken_away_with_a_click(system: PageSystem) -> None:
    add_courses(system, "Logic")
    teacher = system.all("teachers")[0]["id"]
    page = opened(system, "course", teacher_id=str(teacher), title="Music")
    assert "Nothing found." in texts(page)
    assert "Teacher: Ada" in [button.label for button in page.button]
    page = pressed(page, "Title: Music")
    assert [row["title"] for row in rows(page)] == ["Logic"]


def test_the_way_back_leads_to_the_list_as_it_was(system: PageSystem) -> None:
    add_courses(system, "Logic", "Music")
    page = pressed(opened(system, "course", q="mus", sort="-title"), "New record")
    page = pressed(page, "Cancel")
    assert address(page) == {"q": "mus", "sort": "-title"}


def test_a_search_finds_part_of_any_text_letter_case_aside(system: PageSystem) -> None:
    for name in ("Ágata", "Alan_T", "Ada", "100% sure"):
        system.add("teachers", name=name)
    page = opened(system, "teacher")
    for words, found in (("ágA", ["Ágata"]), ("_t", ["Alan_T"]), ("%", ["100% sure"])):
        page.text_input[0].set_value(words)
        assert [row["name"] for row in rows(ran(page))] == found
    page.text_input[0].set_value("nobody")
    assert "Nothing found." in texts(ran(page))
    system.add("students", name="Zoe", email="zoe@example.org")
    assert len(listed(system, "student", q="EXAMPLE.org")) == 1


def test_a_picker_of_many_records_searches_in_the_api(system: PageSystem) -> None:
    ids = [system.add("teachers", name=f"T{number:02}") for number in range(25)]
    page = opened(system, "course", new="1")
    assert len(labelled(page, "selectbox", "Teacher *").options) == 20
    labelled(page, "text_input", "Search: Teachers").set_value("t23")
    picker = labelled(ran(page), "selectbox", "Teacher *")
    assert list(picker.options) == ["T23"]
    picker.set_value(ids[23])
    ran(page)
    labelled(page, "text_input", "Search: Teachers").set_value("t01")
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
    assert "Check that the API is running at http://127.0.0.1:9" in texts(page)
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


def test_the_pages_are_strictly_typed(system: PageSystem) -> None:
    ui = system.folder / "ui"
    assert type_faults(ui, *sorted(str(page.relative_to(ui)) for page in ui.rglob("*.py"))) == ""
