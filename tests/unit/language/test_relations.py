"""Relationships of every kind.

Each line of the table: what is tried, the request, and everything that it must be taken to mean.
"""

from __future__ import annotations

import pytest

from baes.language import interpret

from .notation import shown

CASES = {
    "a place with what is kept there": (
        "Create a school with students (name, age) and courses (title). "
        "Each course has one student.",
        "Student(name, age:integer) | Course(title) | Course > Student as student",
    ),
    "a kind in brackets": (
        "movies (title) and actors (name). Actors play in movies (many-to-many).",
        "Movie(title) | Actor(name) | Actor <> Movie as movies",
    ),
    "what the other one is to it": (
        "Message with text. A message can be a reply to another message.",
        "Message(text:text) | Message > Message as reply_to",
    ),
    "both are": (
        "Doctor (name). Operation (room). "
        "An operation has a surgeon and an anaesthetist, both doctors.",
        "Doctor(name) | Operation(room) | Operation > Doctor as surgeon | "
        "Operation > Doctor as anaesthetist",
    ),
    "there are": (
        "Dog: name. Walk: distance in km. "
        "On a walk there are several dogs, and a dog goes on many walks.",
        "Dog(name) | Walk(distance:decimal[unit=km]) | Walk <> Dog as dogs",
    ),
    "a joint entity": (
        "An enrollment links a rider to a course and stores the date and the fee paid. "
        "Rider: name. Course: title.",
        "Enrollment(date:date, fee_paid:decimal) | Rider(name) | Course(title) | "
        "Enrollment > Rider as rider | Enrollment > Course as course",
    ),
    "which of what is known": (
        "Client: name. Board: size. Booking: date, which client, which board.",
        "Client(name) | Board(size) | Booking(date:date) | Booking > Client as client | "
        "Booking > Board as board",
    ),
    "has one": (
        "Course: title. Teacher: name. Each course has one teacher.",
        "Course(title) | Teacher(name) | Course > Teacher as teacher",
    ),
    "exactly one": (
        "courses(title), teachers(name), each course has exactly one teacher",
        "Course(title) | Teacher(name) | Course > Teacher as teacher!",
    ),
    "taught by": (
        "Course: title. Teacher: name. A course is taught by one teacher.",
        "Course(title) | Teacher(name) | Course > Teacher as teacher",
    ),
    "enroll in many": (
        "Student: name. Course: title. Students enroll in many courses.",
        "Student(name) | Course(title) | Student <> Course as courses",
    ),
    "has many": (
        "Customer: name. Order: number. A customer has many orders.",
        "Customer(name) | Order(number) | Order > Customer as customer",
    ),
    "belongs": (
        "Customer: name. Order: number. Each order belongs to a customer.",
        "Customer(name) | Order(number) | Order > Customer as customer",
    ),
    "must belong": (
        "Owner: name. Pet: name. A pet must belong to an owner.",
        "Owner(name) | Pet(name) | Pet > Owner as owner!",
    ),
    "both halves": (
        "Author: name. Book: title. A book has one or more authors and an author can write "
        "many books.",
        "Author(name) | Book(title) | Book <> Author as authors!",
    ),
    "two targets": (
        "Doctor: name. Patient: name. Visit: date. Each visit belongs to one doctor and "
        "one patient.",
        "Doctor(name) | Patient(name) | Visit(date:date) | Visit > Doctor as doctor | "
        "Visit > Patient as patient",
    ),
    "one-to-one": (
        "Citizen: name. Passport: number. One-to-one between citizen and passport.",
        "Citizen(name) | Passport(number) | Citizen - Passport as passport",
    ),
    "one-to-one by both sides": (
        "Person: name. Passport: number. Person has one passport and a passport belongs to "
        "exactly one person.",
        "Person(name) | Passport(number) | Person - Passport as passport",
    ),
    "arrow": (
        "posts (title) <-> tags (label), many-to-many",
        "Post(title) | Tag(label) | Post <> Tag as tags",
    ),
    "notation": (
        "Matter: title. Client: name. Matter N:1 Client.",
        "Matter(title) | Client(name) | Matter > Client as client",
    ),
    "many to many said": (
        "Students (name) and Clubs (name) - many to many.",
        "Student(name) | Club(name) | Student <> Club as clubs",
    ),
    "self-reference": (
        "Employee with name. Each employee has a manager, who is also an employee.",
        "Employee(name) | Employee > Employee as manager",
    ),
    "parent": (
        "product categories with a name; a category can have a parent category",
        "ProductCategory(name) | ProductCategory > ProductCategory as parent_category",
    ),
    "two links": (
        "Match with date. Team with name. Each match has a home team and an away team.",
        "Match(date:date) | Team(name) | Match > Team as home_team | Match > Team as away_team",
    ),
    "join entity": (
        "Students enroll in courses. Each enrollment has a grade. A student has a name; a "
        "course has a title.",
        "Enrollment(grade) | Student(name) | Course(title) | Enrollment > Student as "
        "student | Enrollment > Course as course",
    ),
    "through": (
        "Members borrow books through loans. A loan has a due date. Member: name. Book: title.",
        "Member(name) | Book(title) | Loan(due_date:date) | Loan > Member as member | Loan "
        "> Book as book",
    ),
    "attribute named like an entity": (
        "Class (title, instructor). Instructor (name).",
        "Class(title) | Instructor(name) | Class > Instructor as instructor",
    ),
    "optional link": (
        "Task (title), Employee (name). A task can optionally be assigned to an employee.",
        "Task(title) | Employee(name) | Task > Employee as employee",
    ),
    "different verbs": (
        "Employee (name), Department (title). Employees work in a department. A department "
        "is managed by one employee.",
        "Employee(name) | Department(title) | Employee > Department as department | "
        "Department > Employee as employee",
    ),
    "pronoun": (
        "A hive has a location. It belongs to an apiary. Apiary: name.",
        "Apiary(name) | Hive(location) | Hive > Apiary as apiary",
    ),
    "own verb": (
        "Movie with title; Screening with start time. A screening shows one movie.",
        "Movie(title) | Screening(start_time:time) | Screening > Movie as movie",
    ),
    "predicate after attributes": (
        "A loan has a due date, and belongs to one member and one book. Member: name. "
        "Book: title.",
        "Member(name) | Book(title) | Loan(due_date:date) | Loan > Member as member | Loan "
        "> Book as book",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_sentence_gives_exactly_these_relationships(text: str, expected: str) -> None:
    interpretation = interpret(text)
    assert interpretation.is_certain, (interpretation.unexplained, interpretation.question)
    assert shown(interpretation) == expected
