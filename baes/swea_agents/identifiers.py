"""Names inside the generated code, for what users name as they like.

The user's word is what JSON, columns and paths show. Where Python, SQLAlchemy or Pydantic keep that
word for themselves, the code calls the thing by the word with an underscore; which words those are
is data (``data/identifiers.toml``).
"""

from __future__ import annotations

import functools
import hashlib
import keyword

from baes.datafiles import load_toml
from baes.spec.names import MAX_NAME_LENGTH, snake_case

__all__ = [
    "class_name",
    "constraint_name",
    "field_name",
    "filter_alias",
    "module_name",
    "schema_name",
    "sql_name",
    "values_name",
    "variable_name",
]


_DATA = "swea_agents/data/identifiers.toml"
_SAFE_CLASS = "Model"


@functools.cache
def _reserved(group: str) -> frozenset[str]:
    return frozenset(load_toml(_DATA)[group])


def field_name(name: str) -> str:
    """What models and schemas call an attribute.

    >>> field_name("name"), field_name("class"), field_name("metadata")
    ('name', 'class_', 'metadata_')
    """
    return _safe(name, "fields")


def variable_name(name: str) -> str:
    """What a function calls a record of that snake_case name."""
    return _safe(name, "variables")


def class_name(entity: str) -> str:
    """What the code calls an entity's model.

    Different entities have different ones: a name that ends like a safe one gets another ending.

    >>> class_name("Student"), class_name("Record"), class_name("RecordModel")
    ('Student', 'RecordModel', 'RecordModelModel')
    """
    return f"{entity}{_SAFE_CLASS}" if _is_taken(_stem(entity)) else entity


def schema_name(entity: str) -> str:
    """What stands before ``Create``, ``Read`` and the like, in the code and the OpenAPI document.

    >>> schema_name("Student"), schema_name("Session"), schema_name("List")
    ('Student', 'Session', 'ListModel')
    """
    return f"{entity}{_SAFE_CLASS}" if _stem(entity) in _reserved("schemas") else entity


def _stem(entity: str) -> str:
    stem = entity
    while stem.endswith(_SAFE_CLASS) and stem != _SAFE_CLASS:
        stem = stem.removesuffix(_SAFE_CLASS)
    return stem


def _is_taken(class_: str) -> bool:
    """Whether a class of that name is something else: one that is imported, or a schema."""
    endings = tuple(_reserved("class_endings"))
    return class_ in _reserved("classes") or class_.endswith(endings)


def module_name(entity: str) -> str:
    """The file of an entity, without its ending.

    >>> module_name("OrderItem"), module_name("Class")
    ('order_item', 'class_')
    """
    name = snake_case(entity)
    return f"{name}_" if keyword.iskeyword(name) else name


def values_name(entity: str) -> str:
    """The function of a test that makes an entity's values; pytest takes none for a test's.

    >>> values_name("Student"), values_name("Test")
    ('student_values', 'values_of_test')
    """
    name = snake_case(entity)
    return f"values_of_{name}" if name.startswith("test") else f"{name}_values"


def filter_alias(name: str) -> str:
    """The query parameter that filters by an attribute.

    >>> filter_alias("name"), filter_alias("limit")
    ('name', 'limit__eq')
    """
    return f"{name}__eq" if name in _reserved("list_parameters") else name


def sql_name(name: str) -> str:
    """A table's or column's name as SQL takes it.

    >>> sql_name("students"), sql_name("order")
    ('students', '"order"')
    """
    return f'"{name}"' if name in _reserved("sql") else name


def constraint_name(kind: str, *ids: str) -> str:
    """The name of a constraint or index, made of stable ids; short enough for every database.

    Ids hold no double underscore, so the names of two constraints differ.

    >>> constraint_name("uq", "student", "email")
    'uq_student__email'
    """
    name = f"{kind}_{'__'.join(ids)}"
    if len(name) <= MAX_NAME_LENGTH:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: MAX_NAME_LENGTH - 9]}_{digest}"


def _safe(name: str, group: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) or name in _reserved(group) else name
