"""One description of each table, from which the model, ``schema.sql`` and the revisions are made.

Names of constraints and indexes are made of stable ids, so that no renaming touches them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from baes.spec.derivation import stored_attributes
from baes.spec.inflection import singular
from baes.spec.model import Attribute, Entity, Relationship, SystemSpec
from baes.spec.names import snake_case
from baes.spec.navigation import collection_of, id_field, link_table_name
from baes.swea_agents.checks import conditions_of
from baes.swea_agents.column_types import ColumnType, column_type
from baes.swea_agents.identifiers import constraint_name, field_name, sql_name
from baes.swea_agents.rule_sql import Term, rule_checks, unique_terms

__all__ = [
    "ColumnView",
    "IndexView",
    "ReferenceView",
    "TableView",
    "attribute_column",
    "columns_of",
    "entity_table",
    "indexes_of",
    "link_columns",
    "link_table",
    "reference_column",
    "tables_of",
]

OnDelete = Literal["CASCADE", "RESTRICT", "SET NULL"]

_KEY_TYPE = ColumnType(
    "int", "BIGINT", "sa.BigInteger()", "BigInteger", ("sqlalchemy.BigInteger",), "", (), "", ()
)
"""A reference's."""


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """A foreign key."""

    constraint: str
    table: str
    on_delete: OnDelete

    @property
    def model(self) -> str:
        """What the model passes to its column."""
        target = f"{self.table}.id"
        return f"ForeignKey({target!r}, name={self.constraint!r}, ondelete={self.on_delete!r})"

    @property
    def sql(self) -> str:
        """What SQL writes behind the column."""
        return (
            f" CONSTRAINT {self.constraint}"
            f" REFERENCES {sql_name(self.table)} (id) ON DELETE {self.on_delete}"
        )


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column other than the ``id``."""

    name: str
    type: ColumnType
    nullable: bool
    checks: tuple[tuple[str, str], ...] = ()
    """(constraint's name, condition)."""
    reference: ReferenceView | None = None

    @property
    def attribute(self) -> str:
        """What the model calls it."""
        return field_name(self.name)

    @property
    def annotation(self) -> str:
        """The Python type of its values."""
        return f"{self.type.annotation} | None" if self.nullable else self.type.annotation

    @property
    def model(self) -> str:
        """The arguments of ``mapped_column``."""
        name = [repr(self.name)] if self.attribute != self.name else []
        type_ = [self.type.model] if self.type.model else []
        return ", ".join([*name, *type_, *self._constraints("")])

    @property
    def migration(self) -> str:
        """The column as a revision writes it."""
        parts = [repr(self.name), self.type.migration, *self._constraints("sa.")]
        return f"sa.Column({', '.join(parts)}, nullable={self.nullable})"

    @property
    def sql(self) -> str:
        """The column as SQL writes it."""
        not_null = "" if self.nullable else " NOT NULL"
        checks = "".join(f" CONSTRAINT {name} CHECK ({text})" for name, text in self.checks)
        reference = self.reference.sql if self.reference else ""
        return f"{sql_name(self.name)} {self.type.sql}{not_null}{checks}{reference}"

    @property
    def imports(self) -> Iterator[str]:
        """What the model needs for it."""
        yield from self.type.model_imports
        if self.checks:
            yield "sqlalchemy.CheckConstraint"
        if self.reference:
            yield "sqlalchemy.ForeignKey"

    def _constraints(self, prefix: str) -> Iterator[str]:
        if self.reference:
            yield prefix + self.reference.model
        yield from (prefix + _check(name, text) for name, text in self.checks)


@dataclass(frozen=True, slots=True)
class IndexView:
    """One index of a table."""

    name: str
    table: str
    columns: tuple[str, ...]
    unique: bool = False
    caseless: frozenset[str] = frozenset()
    """Columns in which the case of letters doesn't count."""
    things: tuple[str, ...] = ()
    """The columns' stable ids."""

    @property
    def ignores_case(self) -> bool:
        """Whether it is about more than columns."""
        return bool(self.caseless)

    @property
    def model(self) -> str:
        """The index among the model's table arguments."""
        unique = ", unique=True" if self.unique else ""
        return f"Index({self.name!r}, {', '.join(map(repr, self.columns))}{unique})"

    def model_of(self, class_name: str) -> str:
        """The index after the model's class, where it ignores case."""
        fields = ((name, f"{class_name}.{field_name(name)}") for name in self.columns)
        terms = ", ".join(f"func.lower({f})" if name in self.caseless else f for name, f in fields)
        return f'Index("{self.name}", {terms}, unique=True)'

    @property
    def migration(self) -> str:
        """The statement of a revision."""
        columns = ", ".join(
            f"sa.text({self._expression(name)!r})" if name in self.caseless else repr(name)
            for name in self.columns
        )
        return f"op.create_index({self.name!r}, {self.table!r}, [{columns}], unique={self.unique})"

    @property
    def sql(self) -> str:
        """The SQL statement."""
        kind = "UNIQUE INDEX" if self.unique else "INDEX"
        columns = ", ".join(map(self._expression, self.columns))
        return f"CREATE {kind} {self.name} ON {sql_name(self.table)} ({columns})"

    def _expression(self, name: str) -> str:
        column = sql_name(name)
        return f"lower({column})" if name in self.caseless else column


@dataclass(frozen=True, slots=True)
class TableView:
    """One table."""

    name: str
    primary_key: str
    """The constraint's name."""
    key: tuple[str, ...]
    """The key's columns; ``("id",)`` counts itself and is not among ``columns``."""
    columns: tuple[ColumnView, ...]
    indexes: tuple[IndexView, ...]
    checks: tuple[tuple[str, str], ...] = ()
    """(constraint's name, condition) of what concerns several columns."""

    @property
    def model_checks(self) -> Iterator[str]:
        """The conditions among the model's table arguments."""
        return (_check(name, text) for name, text in self.checks)

    @property
    def has_id(self) -> bool:
        """Whether its rows are known by an id of their own."""
        return self.key == ("id",)

    @property
    def sql(self) -> Iterator[str]:
        """The statements that create it in SQLite, without their semicolons."""
        lines = [column.sql for column in self.columns]
        if self.has_id:
            key = f"CONSTRAINT {self.primary_key} PRIMARY KEY AUTOINCREMENT"
            lines.insert(0, f"id INTEGER NOT NULL {key}")
        else:
            columns = ", ".join(sql_name(name) for name in self.key)
            lines.append(f"CONSTRAINT {self.primary_key} PRIMARY KEY ({columns})")
        lines += [f"CONSTRAINT {name} CHECK ({text})" for name, text in self.checks]
        body = ",\n    ".join(lines)
        yield f"CREATE TABLE {sql_name(self.name)} (\n    {body}\n)"
        yield from (index.sql for index in self.indexes)

    @property
    def migration(self) -> Iterator[str]:
        """The statements of a revision that create it."""
        parts = [repr(self.name), *self.migration_parts]
        if self.has_id:
            parts.append("sqlite_autoincrement=True")
        body = ",\n    ".join(parts)
        yield f"op.create_table(\n    {body},\n)"
        yield from (index.migration for index in self.indexes)

    @property
    def migration_parts(self) -> Iterator[str]:
        """Its columns, key and conditions, as a revision writes them."""
        if self.has_id:
            number = 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
            yield f'sa.Column("id", {number}, nullable=False)'
        yield from (column.migration for column in self.columns)
        key = ", ".join(map(repr, self.key))
        yield f"sa.PrimaryKeyConstraint({key}, name={self.primary_key!r})"
        yield from (f"sa.{_check(name, text)}" for name, text in self.checks)


def tables_of(spec: SystemSpec) -> tuple[TableView, ...]:
    """All tables of a system, in the order of its entities, links after them."""
    entities = tuple(entity_table(spec, entity) for entity in spec)
    links = (r for r in spec.relationships if r.kind == "many_to_many")
    return (*entities, *(link_table(spec, link) for link in links))


def entity_table(spec: SystemSpec, entity: Entity) -> TableView:
    """An entity's table: its attributes, then its references."""
    return TableView(
        name=collection_of(entity, spec.language),
        primary_key=constraint_name("pk", entity.id),
        key=("id",),
        columns=tuple(columns_of(spec, entity).values()),
        indexes=tuple(indexes_of(spec, entity).values()),
        checks=tuple((c.name, c.condition) for c in rule_checks(spec, entity).values()),
    )


def columns_of(spec: SystemSpec, entity: Entity) -> dict[str, ColumnView]:
    """Stable id -> column: ``student.email`` of an attribute, ``course_teacher`` of a reference."""
    references = [r for r in spec.outgoing(entity.name) if r.kind != "many_to_many"]
    stored = stored_attributes(spec, entity)
    attributes = {f"{entity.id}.{a.id}": attribute_column(entity, a) for a in stored}
    return attributes | {r.id: reference_column(spec, r) for r in references}


def indexes_of(spec: SystemSpec, entity: Entity) -> dict[str, IndexView]:
    """Stable id of an indexed column, or of several the index's name -> the index."""
    table = collection_of(entity, spec.language)
    references = [r for r in spec.outgoing(entity.name) if r.kind != "many_to_many"]
    unique = [a for a in entity.attributes if a.unique]
    return (
        {f"{entity.id}.{a.id}": attribute_index(entity, table, a) for a in unique}
        | {r.id: reference_index(table, r, spec.language) for r in references}
        | {name: _joint_index(name, table, terms) for name, terms in unique_terms(spec, entity)}
    )


def attribute_column(entity: Entity, attribute: Attribute) -> ColumnView:
    """The column of an attribute."""
    return ColumnView(
        name=attribute.name,
        type=column_type(attribute),
        nullable=not attribute.required or attribute.older_may_lack,
        checks=tuple(
            (constraint_name("ck", entity.id, attribute.id, limit), text)
            for limit, text in conditions_of(attribute)
        ),
    )


def attribute_index(entity: Entity, table: str, attribute: Attribute) -> IndexView:
    """The index that keeps an attribute's values unique."""
    name = constraint_name("uq", entity.id, attribute.id)
    caseless = frozenset({attribute.name}) if attribute.type == "email" else frozenset()
    thing = f"{entity.id}.{attribute.id}"
    return IndexView(name, table, (attribute.name,), True, caseless, (thing,))


def _joint_index(name: str, table: str, terms: tuple[Term, ...]) -> IndexView:
    """The index that keeps records from agreeing in several values."""
    emails = (t.column for t in terms if t.attribute is not None and t.attribute.type == "email")
    columns, things = tuple(t.column for t in terms), tuple(t.thing for t in terms)
    return IndexView(name, table, columns, True, frozenset(emails), things)


def reference_column(spec: SystemSpec, relationship: Relationship) -> ColumnView:
    """The column that refers to the other entity."""
    required = relationship.required and not relationship.older_may_lack
    target = collection_of(spec.entity(relationship.target), spec.language)
    on_delete: OnDelete = "RESTRICT" if relationship.required else "SET NULL"
    return ColumnView(
        name=id_field(relationship, spec.language),
        type=_KEY_TYPE,
        nullable=not required,
        reference=ReferenceView(constraint_name("fk", relationship.id), target, on_delete),
    )


def reference_index(table: str, relationship: Relationship, language: str) -> IndexView:
    """The index that finds what refers to a record; unique for one-to-one."""
    unique = relationship.kind == "one_to_one"
    name = constraint_name("uq" if unique else "ix", relationship.id)
    column = id_field(relationship, language)
    return IndexView(name, table, (column,), unique, frozenset(), (relationship.id,))


def link_columns(spec: SystemSpec, relationship: Relationship) -> tuple[str, str]:
    """The columns of a many-to-many's table: of the ``from`` side, and of the other."""
    own = f"{snake_case(relationship.source)}_id"
    other = f"{singular(relationship.name, spec.language)}_id"
    return own, other if other != own else f"other_{own}"


def link_table(spec: SystemSpec, relationship: Relationship) -> TableView:
    """The table of a many-to-many; its rows go with either record."""
    own, other = link_columns(spec, relationship)
    name = link_table_name(spec, relationship)
    source, target = (spec.entity(n) for n in (relationship.source, relationship.target))

    def column(side: str, column_name: str, entity: Entity) -> ColumnView:
        fk = constraint_name("fk", relationship.id, side)
        table = collection_of(entity, spec.language)
        return ColumnView(column_name, _KEY_TYPE, False, (), ReferenceView(fk, table, "CASCADE"))

    return TableView(
        name=name,
        primary_key=constraint_name("pk", relationship.id),
        key=(own, other),
        columns=(column("from", own, source), column("to", other, target)),
        indexes=(IndexView(constraint_name("ix", relationship.id), name, (other,)),),
    )


def _check(name: str, text: str) -> str:
    """A condition as SQLAlchemy takes it, in whose texts a colon begins a parameter."""
    return f"CheckConstraint({text.replace(':', chr(92) + ':')!r}, name={name!r})"
