"""What a language model answers to the fragments of the tests, rightly and wrongly."""

from __future__ import annotations

from typing import Any

__all__ = ["LIMITS", "MAIL", "REPORT", "SCHOOL", "SCHOOL_REQUEST"]

SCHOOL = (
    "Create a system with courses (title, capacity integer) and teachers (name, email). "
    "Each course has one teacher."
)
SCHOOL_REQUEST = (
    f"{SCHOOL} Notify the teacher by email of each large course. "
    "Send every new teacher to the payroll webhook."
)

MAIL: dict[str, Any] = {
    "can_be_done": True,
    "reason": "",
    "entity": "Course",
    "moments": ["after_create", "after_update"],
    "code": '''\
def notify_teacher_email_large_course(system: System, record: Values, before: Values) -> None:
    """Notify the teacher by email of each large course."""
    if record["capacity"] <= _limit():
        return
    teacher = system.get(Teacher, record["teacher_id"])
    if teacher is None:
        return
    # the title says which course it is
    seats = record["capacity"]
    system.email(teacher["email"], f"{record['title']} is large", f"It has {seats} seats.")


def _limit() -> int:
    """Seats from which a course is large."""
    return 30
''',
    "tests": """\
def test_a_large_course_is_told():
    system = FakeSystem({Teacher: [{"id": 1, "name": "Ada", "email": "ada@example.org"}]})
    record = {"id": 5, "title": "Maths", "capacity": 31, "teacher_id": 1}
    notify_teacher_email_large_course(system, record, {})
    assert system.emails == [("ada@example.org", "Maths is large", "It has 31 seats.")]


def test_a_small_one_is_not():
    system = FakeSystem({Teacher: [{"id": 1, "name": "Ada", "email": "ada@example.org"}]})
    record = {"id": 5, "title": "Maths", "capacity": 30, "teacher_id": 1}
    notify_teacher_email_large_course(system, record, {})
    assert system.emails == []
""",
}
REPORT: dict[str, Any] = {
    "can_be_done": True,
    "reason": "",
    "entity": "Teacher",
    "moments": ["after_create"],
    "code": '''\
def send_new_teacher_payroll_webhook(system: System, record: Values, before: Values) -> None:
    """Send every new teacher to the payroll webhook."""
    system.post("payroll", {"name": record["name"]})
''',
    "tests": """\
def test_a_new_teacher_is_posted():
    system = FakeSystem({})
    send_new_teacher_payroll_webhook(system, {"id": 1, "name": "Ada", "email": "a@b.org"}, {})
    assert system.posts == [("payroll", {"name": "Ada"})]
""",
}

LIMITS: dict[str, Any] = {
    "can_be_done": True,
    "reason": "",
    "entity": "Course",
    "moments": ["before_create"],
    "code": '''\
def alert_email_large_courses(system: System, record: Values, before: Values) -> None:
    """Alert by email on large courses."""
    if record["capacity"] > 100:
        system.refuse("too large")
    if record["title"] == "crash":
        system.email(record["nothing"], "", "")
    record["title"] = record["title"].strip()
''',
    "tests": """\
def test_it_refuses():
    assert refused(
        alert_email_large_courses, FakeSystem({}), {"title": "x", "capacity": 101}, {}
    ) == "too large"


def test_it_strips():
    record = {"title": " x ", "capacity": 1}
    alert_email_large_courses(FakeSystem({}), record, {})
    assert record["title"] == "x"
""",
}
