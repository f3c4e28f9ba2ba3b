"""What the OpenAPI document and the README say to their readers, in the project's language."""

from __future__ import annotations

from dataclasses import dataclass, fields

from baes.spec.inflection import plural_label
from baes.spec.model import Entity, SystemSpec
from baes.spec.names import in_sentence, label_of, snake_case
from baes.spec.navigation import collection_of
from baes.texts import text

__all__ = [
    "AnswersView",
    "ApplicationView",
    "RouteTexts",
    "answers_view",
    "application_view",
    "plural_title",
    "related_text",
    "route_texts",
]


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """What ``project/main.py.j2`` shows."""

    title: str
    tag: str
    health: str
    root: str


@dataclass(frozen=True, slots=True)
class AnswersView:
    """What ``project/answers.py.j2`` shows."""

    listed: str
    total: str
    created: str
    location: str
    unauthorized: str
    not_found: str
    conflict: str
    too_large: str
    invalid: str
    busy: str


@dataclass(frozen=True, slots=True)
class RouteTexts:
    """What an entity's own routes are called."""

    list: str
    create: str
    read: str
    replace: str
    change: str
    delete: str


def application_view(language: str) -> ApplicationView:
    """What the application says of itself."""
    parts = ("tag", "health", "root")
    said = {part: text(language, f"swea_agents.api.system.{part}") for part in parts}
    return ApplicationView(title=text(language, "swea_agents.api.title"), **said)


def answers_view(language: str) -> AnswersView:
    """What each answer means."""
    names = (field.name for field in fields(AnswersView))
    return AnswersView(**{n: text(language, f"swea_agents.api.answers.{n}") for n in names})


def route_texts(spec: SystemSpec, entity: Entity) -> RouteTexts:
    """What an entity's own routes are called."""
    slots = {"label": _label(entity), "plural": in_sentence(plural_title(spec, entity))}
    names = (field.name for field in fields(RouteTexts))
    return RouteTexts(
        **{n: text(spec.language, f"swea_agents.api.routes.{n}", **slots) for n in names}
    )


def related_text(spec: SystemSpec, key: str, entity: Entity, other: str) -> str:
    """What a route from an entity to another one is called.

    Args:
        spec: The system.
        key: ``related_one``, ``related_list``, ``link`` or ``unlink``.
        entity: The one in the path.
        other: What it calls the other one.
    """
    slots = {"label": _label(entity), "other": other}
    return text(spec.language, f"swea_agents.api.routes.{key}", **slots)


def plural_title(spec: SystemSpec, entity: Entity) -> str:
    """The plural as a label, with the user's accents where it is the collection's word."""
    collection = collection_of(entity, spec.language)
    with_accents = plural_label(entity.label, spec.language)
    same = entity.label and snake_case(with_accents) == collection
    return label_of(with_accents if same else collection)


def _label(entity: Entity) -> str:
    return in_sentence(entity.title)
