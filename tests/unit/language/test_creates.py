"""Requests that make entities, in every common wording.

Each line of the table: what is tried, the request, and everything that it must be taken to mean.
"""

from __future__ import annotations

import pytest

from baes.language import interpret

from .notation import shown

CASES = {
    "a title in front": (
        "Driving school. Lesson: date, start time, paid (yes/no).",
        "Lesson(date:date, start_time:time, paid:boolean)",
    ),
    "a title with its name": (
        "Project: donor care\n\nDonor: name, email",
        "Donor(name, email:email)",
    ),
    "a title of what is defined": (
        "Ghost tours! Tour = title, price. Guide = name.",
        "Tour(title, price:decimal) | Guide(name)",
    ),
    "a story of what we do": (
        "Our band lends amplifiers. An amplifier has a brand and a power in watts.",
        "Amplifier(brand, power:decimal[unit=W])",
    ),
    "possessors in front": (
        "store the customers' names, their addresses and their phone numbers",
        "Customer(name, address:text, phone_number:phone)",
    ),
    "one possessor again and again": (
        "Keep the pupil's name and the pupil's birth date for every pupil.",
        "Pupil(name, birth_date:date)",
    ),
    "its attributes are": (
        "Please add a Flight entity. Its attributes are pilot, duration (minutes) and fuel.",
        "Flight(pilot, duration:integer[unit=min], fuel)",
    ),
    "attributes in a sentence of their own": (
        "Could you set up something so I can keep my starters? name, flour type, fed on",
        "Starter(name, flour_type, fed_on:date)",
    ),
    "what is counted": (
        "Cabin: name, how many beds it has, price",
        "Cabin(name, beds:integer, price:decimal)",
    ),
    "a definition with as": (
        "Define Crate as number, content and weight in grams.",
        "Crate(number, content:text, weight:decimal[unit=g])",
    ),
    "an indirect object": (
        "Can you make me a list of suppliers with company name and phone?",
        "Supplier(company_name, phone:phone)",
    ),
    "a flag as a name": (
        "Create Question with wording (long text) and mandatory (yes/no).",
        "Question(wording:text, mandatory:boolean)",
    ),
    "a system to manage": (
        "Create a system to manage patients with name, birth date and blood type.",
        "Patient(name, birth_date:date, blood_type)",
    ),
    "an app for tracking": (
        "I need an application for tracking bicycles: brand, frame number, purchase price "
        "and color.",
        "Bicycle(brand, frame_number, purchase_price:decimal, color)",
    ),
    "a verb and a bracket": (
        "I want to keep track of novels (title, author, pages).",
        "Novel(title, author, pages:integer)",
    ),
    "terse": (
        "violin: maker, year built, price",
        "Violin(maker, year_built:integer, price:decimal)",
    ),
    "terse with a dash": (
        "Exhibit - title, artist, material",
        "Exhibit(title, artist, material)",
    ),
    "terse with semicolons": (
        "pets - name; species; microchip number",
        "Pet(name, species, microchip_number)",
    ),
    "two with with": (
        "Create Owner with name and phone, and Pet with name and species",
        "Owner(name, phone:phone) | Pet(name, species)",
    ),
    "two in brackets": (
        "Doctor (name, specialty), Patient (name, birth date)",
        "Doctor(name, specialty) | Patient(name, birth_date:date)",
    ),
    "a sentence with has": (
        "A dish has a name, a price and a spiciness",
        "Dish(name, price:decimal, spiciness)",
    ),
    "entity and fields words": (
        "Create a Sensor entity with label and location fields.",
        "Sensor(label, location)",
    ),
    "entity named": (
        "Please create an entity called Spaceship with name, top speed in km/h and launch date.",
        "Spaceship(name, top_speed:decimal[unit=km/h], launch_date:date)",
    ),
    "management system": (
        "Create a supplier management system with name, email and phone",
        "Supplier(name, email:email, phone:phone)",
    ),
    "only a management system": (
        "Create a customer management system",
        "Customer()",
    ),
    "user story": (
        "As a teacher, I want to manage assignments with title, due date and maximum score "
        "so that I can plan.",
        "Assignment(title, due_date:date, maximum_score:integer)",
    ),
    "heading and bullets": (
        "# Job applicant\n- **Name**\n- **Email**\n- **Applied on**",
        "JobApplicant(name, email:email, applied_on:date)",
    ),
    "heading without marks": (
        "Hotel\n  - name\n  - stars\nRoom\n  - number\n  - hotel (link to Hotel)",
        "Hotel(name, stars:integer) | Room(number) | Room > Hotel as hotel",
    ),
    "lines with types": (
        "Trawler\nname: text\nlength: number (m)\ncrew size: integer",
        "Trawler(name:text, length:decimal[unit=m], crew_size:integer)",
    ),
    "bullets that define": (
        "- Client: name, email\n- Matter: title, opened on\n\nRelations:\n- Matter N:1 Client",
        "Client(name, email:email) | Matter(title, opened_on:date) | Matter > Client as client",
    ),
    "types before names": (
        "Product -> string name, decimal price, int stock, bool active",
        "Product(name, price:decimal, stock:integer, active:boolean)",
    ),
    "domain in front": (
        "farm: Field has name and area in hectares.",
        "Field(name, area:decimal[unit=ha])",
    ),
    "for each": (
        "Keep for each package tour its destination, departure date and price per person.",
        "PackageTour(destination, departure_date:date, price_per_person:decimal)",
    ),
    "the system shall": (
        "The system must store information about tenants: full name, email and move-in date.",
        "Tenant(full_name, email:email, move_in_date:date)",
    ),
    "a place around it": (
        "Create a system for a pet shelter. It should store animals with name, species and "
        "arrival date.",
        "Animal(name, species, arrival_date:date)",
    ),
    "entities counted": (
        "Create a system to manage 2 entities: Doctor and Nurse. Doctor has name. Nurse "
        "has name.",
        "Doctor(name) | Nurse(name)",
    ),
    "shared noun": (
        "Create Driver with first and last name, home and mobile phone.",
        "Driver(first_name, last_name, home_phone:phone, mobile_phone:phone)",
    ),
    "two-word plural": (
        "Track gym members: full name, join date, active.",
        "GymMember(full_name, join_date:date, active:boolean)",
    ),
    "a container of entities": (
        "Create a blog with posts and comments. Post: title, body. Comment: text. Each "
        "comment belongs to a post.",
        "Post(title, body:text) | Comment(text:text) | Comment > Post as post",
    ),
    "requirements block": (
        "Create a simple web application for a Ferry entity with name field using Python, "
        "FastAPI, and SQLite.\n\nRequirements:\n- You must use the best practices for "
        "structuring a simple Python web application\n- Use Python 3.11+ with FastAPI "
        "framework\n- Create Ferry entity with only:\n  - name (string, required)\n- API "
        "should return JSON responses",
        "Ferry(name)",
    ),
    "a story before": (
        "We run a small vineyard. Please create a system to record harvests with date and "
        "grape variety.",
        "Harvest(date:date, grape_variety)",
    ),
    "of whether": (
        "Create a table for parking spots with number, level and whether it is occupied.",
        "ParkingSpot(number, level, is_occupied:boolean)",
    ),
    "abbreviations": (
        "set up contacts w/ name, e-mail & mobile",
        "Contact(name, e_mail:email, mobile:phone)",
    ),
    "quoted name": (
        'Create a "Spare Part" entity with part number and weight (kg).',
        "SparePart(part_number, weight:decimal[unit=kg])",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_request_creates_exactly_these_entities(text: str, expected: str) -> None:
    interpretation = interpret(text)
    assert interpretation.is_certain, (interpretation.unexplained, interpretation.question)
    assert shown(interpretation) == expected
