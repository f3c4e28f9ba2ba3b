"""Whether the files of a system agree with its specification, and with each other.

Each file is read as what it is (classes, SQL, routes, pages) and held against what the
specification says; nothing is rendered to compare with. What a business rule fills or guards is
left to the generated tests, which try it.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator, Mapping

from baes.spec.model import Attribute, Entity, SystemSpec
from baes.spec.navigation import collection_of, id_field, link_table_name
from baes.spec.pipeline import Artifact, Finding
from baes.standards.artifact_code import PythonCode, code_of, last_segment
from baes.standards.declared_tables import DeclaredColumn, DeclaredTable, declared_tables
from baes.standards.routes import Route, router_options, routes_of
from baes.standards.sql_schema import SqlFault, SqlSchema, SqlTable
from baes.swea_agents.column_types import max_length_of
from baes.swea_agents.identifiers import filter_alias, module_name, schema_name

__all__ = ["RULE", "disagreements"]

RULE = "whole_system"
"""What findings of these checks are listed under."""

SCHEMA = "app/database/schema.sql"
_METHODS_OF_ALL = ("get", "post")
_METHODS_OF_ONE = ("get", "put", "patch", "delete")
_BODIES = {"post": ("Create",), "put": ("Create", "Replace"), "patch": ("Patch",)}

_NO_ID = frozenset({"str", "float", "bool", "Any"})
"""Types of parameters that take what is no id."""

_Fault = tuple[int, str]


def disagreements(
    spec: SystemSpec, artifacts: Mapping[str, Artifact]
) -> Iterator[tuple[str, Finding]]:
    """(path, what is wrong) for each place in which the files and the specification differ.

    Args:
        spec: What the system is.
        artifacts: Path -> file; of files that are left out nothing is said.
    """
    for path, (line, reason) in _faults(spec, _Files(artifacts)):
        yield path, Finding(RULE, "confident_rejection", reason, line)


class _Files:
    """The artifacts, read once; what can't be read is another review's concern."""

    def __init__(self, artifacts: Mapping[str, Artifact]) -> None:
        self._artifacts = artifacts

    @functools.cache  # noqa: B019  lives as long as the check of one request
    def python(self, path: str) -> PythonCode | None:
        """A Python file; ``None``: it isn't there, or is none."""
        if path not in self._artifacts:
            return None
        try:
            return code_of(self._artifacts[path].content, "python").python
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    @functools.cached_property
    def schema(self) -> SqlSchema | None:
        """``schema.sql``."""
        if SCHEMA not in self._artifacts:
            return None
        try:
            return code_of(self._artifacts[SCHEMA].content, "sql").sql
        except SqlFault:
            return None


def _faults(spec: SystemSpec, files: _Files) -> Iterator[tuple[str, _Fault]]:
    for entity in spec:
        module = module_name(entity.name)
        model = files.python(f"app/models/{module}.py")
        tables = {t.name: t for t in declared_tables(model)} if model else {}
        table = tables.get(collection_of(entity, spec.language))
        if model is not None:
            path = f"app/models/{module}.py"
            yield from ((path, fault) for fault in _model_faults(spec, entity, tables))
        if files.schema is not None:
            yield from ((SCHEMA, fault) for fault in _sql_faults(spec, entity, files.schema))
            for declared in tables.values():
                stored = files.schema.table(declared.name)
                yield from ((SCHEMA, fault) for fault in _contradictions(declared, stored))
        schemas = files.python(f"app/schemas/{module}.py")
        if schemas is not None:
            path = f"app/schemas/{module}.py"
            yield from ((path, fault) for fault in _schema_faults(spec, entity, schemas, table))
        routes = files.python(f"app/routes/{module}_routes.py")
        if routes is not None:
            path = f"app/routes/{module}_routes.py"
            yield from ((path, fault) for fault in _route_faults(spec, entity, routes))
        page = files.python(f"ui/pages/{module}_page.py")
        if page is not None:
            path = f"ui/pages/{module}_page.py"
            yield from ((path, fault) for fault in _page_faults(spec, entity, page))


def _ruled(spec: SystemSpec, entity: Entity) -> frozenset[str]:
    """Attributes that rules fill or guard."""
    return frozenset(
        str(getattr(rule, "attribute", "")) for rule in spec.rules if rule.entity == entity.name
    )


def _plain(spec: SystemSpec, entity: Entity) -> tuple[Attribute, ...]:
    ruled = _ruled(spec, entity)
    return tuple(a for a in entity.attributes if a.name not in ruled)


def _model_faults(
    spec: SystemSpec, entity: Entity, tables: Mapping[str, DeclaredTable]
) -> Iterator[_Fault]:
    table = tables.get(collection_of(entity, spec.language))
    if table is None:
        yield 0, f"no class declares the table of {entity.name}"
        return
    for attribute in _plain(spec, entity):
        column = table.column(attribute.name)
        if column is None:
            yield table.line, f"{entity.name}.{attribute.name} has no column"
            continue
        wanted = not attribute.required or attribute.older_may_lack
        if column.optional != wanted:
            duty = "optional" if wanted else "required"
            yield column.line, f"{entity.name}.{attribute.name} is {duty}, its column is not"
        if attribute.unique and attribute.name not in table.unique:
            yield table.line, f"{entity.name}.{attribute.name} is unique, and no index says so"
        length = max_length_of(attribute)
        if column.length is not None and length is not None and column.length < length:
            yield column.line, f"{entity.name}.{attribute.name} has {length} characters at most"
    yield from _reference_faults(spec, entity, table, tables)


def _reference_faults(
    spec: SystemSpec, entity: Entity, table: DeclaredTable, tables: Mapping[str, DeclaredTable]
) -> Iterator[_Fault]:
    for relationship in spec.outgoing(entity.name):
        if relationship.kind == "many_to_many":
            name = link_table_name(spec, relationship)
            if name not in tables:
                yield table.line, f"no class declares the links {name}"
            continue
        field = id_field(relationship, spec.language)
        column = table.column(field)
        target = collection_of(spec.entity(relationship.target), spec.language)
        if column is None or column.target != f"{target}.id":
            line = column.line if column else table.line
            yield line, f"{entity.name}.{field} does not refer to {target}"


def _sql_faults(spec: SystemSpec, entity: Entity, schema: SqlSchema) -> Iterator[_Fault]:
    table = schema.table(collection_of(entity, spec.language))
    if table is None:
        yield 0, f"{entity.name} has no table"
        return
    for attribute in _plain(spec, entity):
        column = table.column(attribute.name)
        if column is None:
            yield table.line, f"{entity.name}.{attribute.name} has no column"
        elif column.required != (attribute.required and not attribute.older_may_lack):
            yield column.line, f"{entity.name}.{attribute.name} and NOT NULL don't go together"


def _contradictions(declared: DeclaredTable, stored: SqlTable | None) -> Iterator[_Fault]:
    """Differences between a class and the table of ``schema.sql``."""
    if stored is None:
        yield 0, f"the table {declared.name} is declared and not created"
        return
    names = {c.name.lower() for c in declared.columns}
    for column in stored.columns:
        if column.name.lower() not in names:
            yield column.line, f"{stored.name}.{column.name} is created and not declared"
    for own in declared.columns:
        for line, reason in _column_contradictions(own, stored):
            yield line, f"{stored.name}.{own.name}{reason}"
    unique = {name.lower() for i in stored.indexes if i.unique for name in _index_words(i.sql)}
    unique |= {str(i.columns[0]).lower() for i in stored.indexes if i.unique}
    for name in declared.unique:
        if name.lower() not in unique:
            yield stored.line, f"{stored.name}.{name} is declared unique and not created so"


def _column_contradictions(own: DeclaredColumn, stored: SqlTable) -> Iterator[_Fault]:
    column = stored.column(own.name)
    if column is None:
        yield stored.line, " is declared and not created"
        return
    for check in own.checks:
        if _squeezed(check) not in _squeezed(stored.sql):
            yield column.line, f": the check {check} is declared and not created"
    named = (r for r in stored.references if r.column.lower() == own.name.lower())
    reference = next(named, None)
    if own.target and (reference is None or f"{reference.table}.id" != own.target):
        yield column.line, f" does not refer to {own.target}, as is declared"
    elif reference is not None and reference.on_delete != own.on_delete.upper():
        yield column.line, ": what a deletion does is not as declared"


def _squeezed(sql: str) -> str:
    return re.sub(r'[\s"]+', "", sql).lower()


def _index_words(sql: str) -> list[str]:
    return re.findall(r"\w+", sql.rpartition(" ON ")[2])


def _schema_faults(
    spec: SystemSpec, entity: Entity, python: PythonCode, table: DeclaredTable | None
) -> Iterator[_Fault]:
    classes = {node.name: node for node in python.of_kind(ast.ClassDef)}
    stem = schema_name(entity.name)
    names = [a.name for a in _plain(spec, entity)]
    links = [id_field(r, spec.language) for r in spec.outgoing(entity.name)]
    for kind, wanted in (
        ("Create", [*names, *links]),
        ("Patch", [*names, *links]),
        ("Read", ["id", *names, *links]),
        ("Query", [filter_alias(name) for name in names]),
    ):
        node = classes.get(f"{stem}{kind}")
        if node is None:
            yield 0, f"there is no {stem}{kind}"
            continue
        fields = _fields(python, node)
        for name in wanted:
            if name not in fields:
                yield node.lineno, f"{stem}{kind} has no field {name}"
    if table is not None:
        yield from _lengths(python, classes.get(f"{stem}Create"), table)


def _fields(python: PythonCode, node: ast.ClassDef) -> dict[str, ast.AnnAssign]:
    """Name outside -> its declaration; an alias counts as the name."""
    found: dict[str, ast.AnnAssign] = {}
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign):
            found[last_segment(statement.target)] = statement
            for keyword in python.within(statement, ast.keyword):
                if keyword.arg in ("alias", "validation_alias", "serialization_alias"):
                    match keyword.value:
                        case ast.Constant(str() as alias):
                            found[alias] = statement
                        case _:
                            continue
            for call in python.within(statement, ast.Call):
                found |= {
                    a.value: statement
                    for a in call.args
                    if isinstance(a, ast.Constant) and isinstance(a.value, str)
                }
    return found


def _lengths(
    python: PythonCode, node: ast.ClassDef | None, table: DeclaredTable
) -> Iterator[_Fault]:
    """Texts that the API takes and the column has no room for."""
    aliases = {
        last_segment(a.targets[0]): a
        for a in python.of_kind(ast.Assign)
        if isinstance(python.parents[a], ast.Module)
    }
    for name, field in _fields(python, node).items() if node is not None else ():
        column = table.column(name)
        declared = aliases.get(last_segment(field.annotation))
        if column is None or column.length is None or declared is None:
            continue
        for keyword in python.within(declared, ast.keyword):
            match keyword:
                case ast.keyword("max_length", ast.Constant(int() as most)):
                    if most > column.length:
                        yield declared.lineno, f"{name} takes {most}, stores {column.length}"
                case _:
                    continue


def _route_faults(spec: SystemSpec, entity: Entity, python: PythonCode) -> Iterator[_Fault]:
    routes = routes_of(python)
    prefix = f"/api/{collection_of(entity, spec.language)}"
    said = router_options(python, "router").get("prefix")
    if not (isinstance(said, ast.Constant) and said.value == prefix):
        yield 0, f"the routes are not at {prefix}"
    stem = schema_name(entity.name)
    for methods, fits in ((_METHODS_OF_ALL, _is_of_all), (_METHODS_OF_ONE, _is_of_one)):
        for method in methods:
            found = [r for r in routes if method in r.methods and fits(r)]
            if not found:
                yield 0, f"{method.upper()} of {entity.name} has no route"
            for route in found:
                yield from _signature_faults(route, method, stem)


def _is_of_all(route: Route) -> bool:
    return route.path.strip("/") == ""


def _is_of_one(route: Route) -> bool:
    return route.is_of_one and len(route.shape) == 1


def _signature_faults(route: Route, method: str, stem: str) -> Iterator[_Fault]:
    if route.function is None:
        return
    given = {a.arg: ast.unparse(a.annotation) for a in route.function.args.args if a.annotation}
    for name in route.parameters:
        if given.get(name) in _NO_ID:
            yield route.line, f"{route.title} takes an id that is no whole number"
    wanted = [f"{stem}{end}" for end in _BODIES.get(method, ())]
    if wanted and not set(wanted) & set(given.values()):
        yield route.line, f"{route.title} takes no {wanted[0]}"


def _page_faults(spec: SystemSpec, entity: Entity, python: PythonCode) -> Iterator[_Fault]:
    shown: set[object] = set()
    for keyword in python.of_kind(ast.keyword):
        if keyword.arg == "attributes":
            shown |= {c.value for c in python.within(keyword, ast.Constant)}
    names = [a.name for a in _plain(spec, entity)]
    names += [id_field(r, spec.language) for r in spec.outgoing(entity.name)]
    for name in names:
        if name not in shown:
            yield 0, f"{name} of {entity.name} is not on the page"
    path = f"/api/{collection_of(entity, spec.language)}"
    if not any(c.value == path for c in python.of_kind(ast.Constant)):
        yield 0, f"the page does not ask {path}"
