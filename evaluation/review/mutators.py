"""Faults as people, models and careless edits make them, put into good code one at a time.

A mutator gives the faulty texts that it can make of one, each with the lines at which a reviewer
would rightly point. Some faults no rule was written for; they show what the rules alone can't see.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

__all__ = ["MUTATORS", "Fault", "Mutator"]


@dataclass(frozen=True, slots=True)
class Fault:
    """A faulty text."""

    content: str
    lines: frozenset[int]
    """Where a reviewer may point; 0: at the file as a whole."""


@dataclass(frozen=True, slots=True)
class Mutator:
    """One kind of fault."""

    name: str
    rule: str
    """The rule that was written for such faults; empty: none was."""
    kinds: frozenset[str]
    """Artifact types that it is made in."""
    make: Callable[[str], Iterator[Fault]]
    harmful: bool
    """Whether users, data or programs suffer; else only readers do."""
    patchable: bool
    """Whether it is mended without writing the code anew."""


MUTATORS: list[Mutator] = []

_REFUSALS = "RefusedError|NotFoundError|ApiUnreachableError"
_ROUTES, _MODEL, _SCHEMA, _TESTS = "routes", "model", "schemas", "tests"


def _register(
    name: str,
    rule: str,
    kinds: str,
    make: Callable[[str], Iterator[Fault]],
    *,
    harmful: bool = True,
    patchable: bool = False,
) -> None:
    found = Mutator(name, rule, frozenset(kinds.split()), make, harmful, patchable)
    MUTATORS.append(found)


def _swap(
    pattern: str, replacement: str, *, whole: bool = False, ahead: str = "", reach: int = 0
) -> Callable[[str], Iterator[Fault]]:
    """Replaces each place that an expression fits, one at a time.

    Args:
        pattern: In several lines, where ``^`` begins one.
        replacement: As ``re.sub`` takes it.
        whole: Whether the fault is the file's as a whole.
        ahead: What goes before the first line of code behind the docstring, if anything.
        reach: How many lines before and behind are right as well.
    """
    regex = re.compile(pattern, re.MULTILINE)

    def make(text: str) -> Iterator[Fault]:
        for found in regex.finditer(text):
            changed = text[: found.start()] + found.expand(replacement) + text[found.end() :]
            if changed == text:
                continue
            line = text.count("\n", 0, found.start()) + 1
            last = line + found.expand(replacement).rstrip("\n").count("\n")
            if ahead:
                changed, moved = _with_import(changed, ahead)
                line, last = line + moved, last + moved
            places = _places(changed, line, last) | {*range(line - reach, last + reach + 1)}
            yield Fault(changed, frozenset(places | ({0} if whole else set())))

    return make


def _import_dropped(text: str) -> Iterator[Fault]:
    """Takes an import of one name away; the places that use the name are where it shows."""
    for found in re.finditer(r"^from [\w.]+ import (\w+)\n", text, re.MULTILINE):
        changed = text[: found.start()] + text[found.end() :]
        uses = re.compile(rf"\b{found.group(1)}\b")
        lines = changed.splitlines()
        yield Fault(changed, frozenset(n for n, line in enumerate(lines, 1) if uses.search(line)))


def _index_dropped(text: str) -> Iterator[Fault]:
    """Takes an index away; the column that it was for is where it shows."""
    for found in re.finditer(r'^        Index\("ix_[^"]*", "(\w+)"\),\n', text, re.MULTILINE):
        changed = text[: found.start()] + text[found.end() :]
        column = re.compile(rf"^    {found.group(1)}: ")
        lines = changed.splitlines()
        yield Fault(changed, frozenset(n for n, line in enumerate(lines, 1) if column.match(line)))


def _sql_index_dropped(text: str) -> Iterator[Fault]:
    """Takes an index away; the column that it was for is where it shows."""
    for found in re.finditer(r"^CREATE INDEX \w+ ON (\S+) \((\w+)\);\n", text, re.MULTILINE):
        changed = text[: found.start()] + text[found.end() :]
        column = re.compile(rf"^    {found.group(2)} ")
        lines = changed.splitlines()
        yield Fault(changed, frozenset(n for n, line in enumerate(lines, 1) if column.match(line)))


def _notice_dropped(text: str) -> Iterator[Fault]:
    """Takes away that a page says what was done; anywhere in the function one may point."""
    for found in re.finditer(r'^ +st\.session_state\["notice"\] = .*\n', text, re.MULTILINE):
        line = text.count("\n", 0, found.start()) + 1
        changed = text[: found.start()] + text[found.end() :]
        for function in _functions(changed):
            if function.lineno <= line <= (function.end_lineno or 0) + 1:
                lines = range(function.lineno, (function.end_lineno or 0) + 1)
                yield Fault(changed, frozenset(lines))


def _with_import(text: str, line: str) -> tuple[str, int]:
    """The text with an import as the first one, and by how many lines the rest moved."""
    found = re.search(r"^(?:import|from) ", text, re.MULTILINE)
    if found is None or line in text:
        return text, 0
    return f"{text[: found.start()]}{line}\n\n{text[found.start() :]}", 2


def _into_function(
    *statements: str, ahead: str = "", reach: int = 0
) -> Callable[[str], Iterator[Fault]]:
    """Puts statements before the first one of each function.

    Args:
        statements: Lines without their indentation.
        ahead: An import that they need.
        reach: How many lines behind them are faulty as well.
    """

    def make(text: str) -> Iterator[Fault]:
        for function in _functions(text):
            lines = text.splitlines(keepends=True)
            indent = " " * function.body[0].col_offset
            added = [f"{indent}{statement}\n" for statement in statements]
            place = _first_line(function)
            lines[place - 1 : place - 1] = added
            changed, moved = _with_import("".join(lines), ahead) if ahead else ("".join(lines), 0)
            start = place + moved
            yield Fault(changed, _places(changed, start, start + len(added) - 1 + reach))

    return make


def _wrapped(handler: str) -> Callable[[str], Iterator[Fault]]:
    """Wraps the body of each function in ``try`` with a handler."""

    def make(text: str) -> Iterator[Fault]:
        for function in _functions(text):
            body = function.body[_documented(function) :]
            lines = text.splitlines(keepends=True)
            start, end = body[0].lineno - 1, (body[-1].end_lineno or 0)
            indent = " " * body[0].col_offset
            inner = [f"    {line}" if line.strip() else line for line in lines[start:end]]
            caught = [f"{indent}{line}\n" for line in handler.splitlines()]
            lines[start:end] = [f"{indent}try:\n", *inner, *caught]
            place = start + 1 + len(inner) + 1
            yield Fault("".join(lines), frozenset(range(place, place + len(caught))))

    return make


def _without_function(*parts: str) -> Callable[[str], Iterator[Fault]]:
    """Takes away all functions whose names or bodies hold one of some words."""

    def make(text: str) -> Iterator[Fault]:
        lines = text.splitlines(keepends=True)
        gone = [
            f
            for f in _functions(text)
            if any(part in "".join(lines[f.lineno - 1 : f.end_lineno]) for part in parts)
        ]
        if not gone:
            return
        for function in reversed(gone):
            first = min([function.lineno, *(d.lineno for d in function.decorator_list)])
            del lines[first - 1 : function.end_lineno]
        yield Fault("".join(lines), frozenset({0}))

    return make


def _copied_route(text: str) -> Iterator[Fault]:
    """The first route again, by another name, at the end."""
    routes = [f for f in _functions(text) if f.decorator_list]
    for function in routes[:3]:
        first = min(d.lineno for d in function.decorator_list)
        lines = text.splitlines(keepends=True)
        copy = "".join(lines[first - 1 : function.end_lineno])
        copy = copy.replace(f"def {function.name}(", f"def {function.name}_again(")
        changed = f"{text.rstrip()}\n\n\n{copy}"
        start = len(text.rstrip().splitlines()) + 3
        yield Fault(changed, frozenset(range(start, start + copy.count("\n") + 1)))


def _late_literal_route(text: str) -> Iterator[Fault]:
    """A route with a literal path behind the one that takes an id."""
    code = (
        '@router.get("/count", summary="Count")\n'
        "async def count_all(database: DatabaseDep) -> int:\n"
        '    """Say how many there are."""\n'
        "    return await database.read(len)\n"
    )
    start = len(text.rstrip().splitlines()) + 3
    yield Fault(f"{text.rstrip()}\n\n\n{code}", frozenset({start, start + 1}))


def _half(text: str) -> Iterator[Fault]:
    """The beginning of a file, as a model's answer that was cut off."""
    for share in (0.35, 0.5, 0.65, 0.8):
        part = text[: int(len(text) * share)].rstrip()
        try:
            ast.parse(part)
        except SyntaxError:
            yield Fault(part, frozenset(range(part.count("\n") + 3)))


def _fenced(text: str) -> Iterator[Fault]:
    """A file within the fences of a chat."""
    yield Fault(f"```python\n{text}```\n", frozenset({1}))


def _null(text: str) -> Iterator[Fault]:
    """A null character in the middle."""
    place = len(text) // 2
    line = text.count("\n", 0, place) + 1
    yield Fault(f"{text[:place]}\0{text[place:]}", frozenset({line}))


def _merge_marks(text: str) -> Iterator[Fault]:
    """A conflict that nobody settled."""
    lines = text.splitlines(keepends=True)
    middle = len(lines) // 2
    marked = [*lines[:middle], "<<<<<<< HEAD\n", *lines[middle:]]
    yield Fault("".join(marked), frozenset({middle, middle + 1, middle + 2}))


def _functions(text: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return []
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in tree.body if isinstance(node, kinds)]


def _first_line(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The line of the first statement behind the docstring; there may be none yet."""
    if ast.get_docstring(function) is None:
        return function.body[0].lineno
    return (function.body[0].end_lineno or 0) + 1


def _documented(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return int(ast.get_docstring(function) is not None and len(function.body) > 1)


def _places(text: str, line: int, last: int) -> frozenset[int]:
    """Where one may point for a fault in some lines.

    At the lines themselves, at the statement that they are a part of, at the head of the function
    or class around it; in what is no Python, at the line behind as well.
    """
    found = {*range(line, last + 1)}
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return frozenset(found | {line - 1, last + 1})
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt):
            continue
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(d.lineno for d in decorators)])
        if first <= line <= (node.end_lineno or 0) or first <= last <= (node.end_lineno or 0):
            body = getattr(node, "body", None)
            if isinstance(body, list) and body:
                found |= {*range(first, body[0].lineno)}
            else:
                found |= {*range(first, (node.end_lineno or first) + 1)}
    return frozenset(found)


# Routes
_register(
    "created_without_201",
    "http_status",
    _ROUTES,
    _swap(r"    status_code=status\.HTTP_201_CREATED,\n", ""),
    patchable=True,
)
_register(
    "deleted_with_200",
    "http_status",
    _ROUTES,
    _swap("HTTP_204_NO_CONTENT", "HTTP_200_OK"),
    patchable=True,
)
_register(
    "success_with_404",
    "http_status",
    _ROUTES,
    _swap("HTTP_201_CREATED", "HTTP_404_NOT_FOUND"),
    patchable=True,
)
_register(
    "response_model_forgotten",
    "response_models",
    _ROUTES,
    _swap(r"\n?\s*response_model=\w+Read,", ""),
    patchable=True,
)
_register(
    "list_declared_as_one",
    "response_models",
    _ROUTES,
    _swap(r"response_model=list\[(\w+)\]", r"response_model=\1"),
    patchable=True,
)
_register(
    "not_found_undeclared",
    "error_responses",
    _ROUTES,
    _swap(r"(?:NOT_FOUND \| | \| NOT_FOUND|,?\s*responses=NOT_FOUND)", ""),
    harmful=False,
    patchable=True,
)
_register(
    "conflict_undeclared",
    "error_responses",
    _ROUTES,
    _swap(r"(?:CONFLICT \| | \| CONFLICT(?!,))", ""),
    harmful=False,
    patchable=True,
)
_register(
    "location_forgotten",
    "location_header",
    _ROUTES,
    _swap(r"^    response\.headers\[\"Location\"\] = .*\n", ""),
)
_register(
    "await_forgotten",
    "awaits",
    f"{_ROUTES} custom_entity",
    _swap(r"await database", "database"),
    patchable=True,
)
_register(
    "written_while_reading",
    "transactions",
    _ROUTES,
    _swap(r"database\.write", "database.read"),
    patchable=True,
)
_register(
    "get_that_writes",
    "transactions",
    _ROUTES,
    _swap(r"database\.read\(fetch, (\w+), (\w+)\)$", r"database.write(remove, \1, \2)"),
)
_register(
    "path_parameter_renamed", "reachable_routes", _ROUTES, _swap(r'"/\{(\w+)_id\}"', r'"/{\1_key}"')
)
_register("route_twice", "reachable_routes", _ROUTES, _copied_route)
_register("route_behind_its_rival", "reachable_routes", _ROUTES, _late_literal_route)
_register(
    "sleep_on_the_loop",
    "async_blocking",
    f"{_ROUTES} custom_entity",
    _into_function("time.sleep(0.5)", ahead="import time"),
)
_register(
    "request_on_the_loop",
    "async_blocking",
    _ROUTES,
    _into_function('httpx.get("http://127.0.0.1/x")', ahead="import httpx"),
)
_register(
    "database_of_its_own",
    "dependency_injection",
    _ROUTES,
    _into_function(
        'engine = create_engine("sqlite://")',
        "engine.dispose()",
        ahead="from sqlalchemy import create_engine",
    ),
)
_register(
    "sql_of_strings",
    "sql_statements",
    f"{_ROUTES} custom_entity",
    _into_function(
        "query = f\"SELECT * FROM students WHERE name = '{database}'\"",
        "logging.info(query)",
        ahead="import logging",
    ),
)
_register(
    "import_forgotten",
    "undefined_names",
    f"{_ROUTES} {_MODEL} {_SCHEMA} {_TESTS} page",
    _import_dropped,
    patchable=True,
)
_register(
    "name_misspelled",
    "undefined_names",
    f"{_ROUTES} {_SCHEMA}",
    _swap(r"(?<=database\.write\()(\w+)", r"\1e"),
)
_register("route_for_another_method", "", _ROUTES, _swap(r"^@router\.put", "@router.post"))
_register("wrong_body", "", _ROUTES, _swap(r"data: (\w+)Patch", r"data: \1Create"))
_register(
    "order_of_arguments",
    "",
    _ROUTES,
    _swap(r"database\.read\(fetch, (\w+), (\w+)\)", r"database.read(fetch, \2, \1)"),
)

# Any Python
_ANY = f"{_ROUTES} custom_entity {_MODEL} page"
_register(
    "exception_swallowed",
    "error_handling",
    f"{_ROUTES} custom_entity",
    _wrapped("except Exception:\n    pass"),
    patchable=True,
)
_register(
    "bare_except",
    "error_handling",
    f"{_ROUTES} custom_entity",
    _wrapped("except:\n    return None"),
    patchable=True,
)
_register(
    "secret_in_the_code",
    "secrets",
    _ANY,
    _swap(
        r"^(router|Values|STUDENTS|\w+S) = ", r'API_KEY = "9f86d081884c7d659a2feaa0c55ad015"\n\g<0>'
    ),
)
_register(
    "eval_of_input", "dangerous_calls", f"{_ROUTES} custom_entity", _into_function('eval("1 + 1")')
)
_register(
    "shell_command",
    "dangerous_calls",
    f"{_ROUTES} custom_entity",
    _into_function('os.system("sync")', ahead="import os"),
)
_register(
    "print_left",
    "logging",
    f"{_ROUTES} custom_entity",
    _into_function('print("here")'),
    harmful=False,
    patchable=True,
)
_register("debugger_left", "logging", f"{_ROUTES} custom_entity", _into_function("breakpoint()"))
_register(
    "naive_moment",
    "datetimes",
    f"{_ROUTES} custom_entity",
    _into_function(
        "made_at = datetime.datetime.now()",
        "del made_at",
        ahead="import datetime",
    ),
    patchable=True,
)
_register(
    "docstring_forgotten",
    "docstrings",
    f"{_ROUTES} custom_entity",
    _swap(r'^    """[^"\n]+"""\n(?=    \w)', ""),
    harmful=False,
    patchable=True,
)
_register(
    "return_type_forgotten",
    "type_hints",
    f"{_ROUTES} custom_entity",
    _swap(r"\) -> None:", "):"),
    harmful=False,
    patchable=True,
)
_register(
    "unused_import",
    "unused_names",
    _ANY,
    _swap(r"^(from \w+.*)$", r"import this_is_unused\n\1"),
    harmful=False,
    patchable=True,
)
_register(
    "return_too_early",
    "reachable_code",
    f"{_ROUTES} custom_entity",
    _into_function("return None", reach=1),
)
_register(
    "endless_loop",
    "reachable_code",
    "custom_entity routes",
    _into_function("while True:", "    pass"),
)
_register(
    "shared_default",
    "shared_values",
    "custom_entity",
    _swap(r"values: Values\)", "values: Values, seen: list[int] = [])"),
    patchable=False,
)
_register(
    "file_left_open",
    "context_manager",
    f"{_ROUTES} custom_entity",
    _into_function("text = open(__file__).read()", "del text"),
)
_register(
    "compared_with_none",
    "pep8",
    f"{_ROUTES} custom_entity",
    _into_function("if __name__ == None:", "    return None"),
    harmful=False,
)
_register(
    "slot_left",
    "no_residue",
    "readme",
    _swap(r"^# .*$", "{% if title %}"),
    harmful=False,
)
_register("half_a_file", "syntax", f"{_ROUTES} {_MODEL} {_TESTS} page custom_entity", _half)
_register("fences_around_it", "syntax", f"{_ROUTES} {_MODEL} {_SCHEMA} page custom_entity", _fenced)
_register("null_character", "syntax", f"{_ROUTES} {_MODEL} page", _null)
_register("merge_marks", "syntax", f"{_ROUTES} {_MODEL} schema", _merge_marks)
_register(
    "colon_forgotten",
    "syntax",
    f"{_ROUTES} custom_entity {_TESTS}",
    _swap(r"^(    |async |)def (.*):$", r"\1def \2"),
)

# Tables
_register(
    "key_forgotten",
    "primary_key",
    _MODEL,
    _swap(
        r"(?s)\A(.*?)        PrimaryKeyConstraint\([^\n]*\),\n(.*?), primary_key=True",
        r"\1\2",
        whole=True,
    ),
)
_register("index_forgotten", "indexes", _MODEL, _index_dropped, patchable=True)
_register(
    "constraint_without_name",
    "constraints",
    _MODEL,
    _swap(r', name="(?:fk|ck)_[^"]*"', ""),
    patchable=True,
)
_register(
    "deletion_undecided", "constraints", _MODEL, _swap(r', ondelete="[A-Z ]+"', ""), patchable=True
)
_register(
    "null_where_none_may_be",
    "constraints",
    _MODEL,
    _swap(r"(: Mapped\[\w+\] = mapped_column\()(\w)", r"\1nullable=True, arg=\2"),
    patchable=False,
)
_register(
    "set_null_where_none_may_be",
    "constraints",
    _MODEL,
    _swap(r'ondelete="RESTRICT"', 'ondelete="SET NULL"'),
)
_register(
    "check_of_another_column",
    "constraints",
    _MODEL,
    _swap(r'CheckConstraint\("(\w+) (<|>)', r'CheckConstraint("\1s \2'),
)
_register(
    "check_that_changes",
    "constraints",
    _MODEL,
    _swap(r'CheckConstraint\("(\w+) [<>]=? [^"]*"', "CheckConstraint(\"\\1 <= date('now')\""),
)
_register("inexact_money", "constraints", _MODEL, _swap(r"ScaledDecimal\(\d\)", "Numeric(18, 2)"))
_register(
    "unique_forgotten",
    "",
    _MODEL,
    _swap(r'^(?:        )?Index\("uq_[^\n]*unique=True\),?\n', ""),
)
_register("shorter_column", "", _MODEL, _swap(r"String\(255\)", "String(25)"))

_register(
    "sql_key_forgotten",
    "primary_key",
    "schema",
    _swap(r" CONSTRAINT pk_\w+ PRIMARY KEY AUTOINCREMENT", "", whole=True),
)
_register("sql_index_forgotten", "indexes", "schema", _sql_index_dropped, patchable=True)
_register(
    "sql_key_may_be_null",
    "primary_key",
    "schema",
    _swap(r"^    (\w+_id) BIGINT NOT NULL (CONSTRAINT fk_\w+__)", r"    \1 BIGINT \2"),
    patchable=True,
)
_register(
    "sql_deletion_undecided",
    "constraints",
    "schema",
    _swap(r" ON DELETE [A-Z]+(?: NULL)?", ""),
    patchable=False,
)
_register(
    "sql_reference_to_nothing",
    "constraints",
    "schema",
    _swap(r"REFERENCES (\w+)", r"REFERENCES \1_of"),
)
_register(
    "sql_comma_forgotten", "syntax", "schema", _swap(r"^(    \w+ \w+.*),\n(?=    \w+ )", r"\1\n")
)
_register(
    "sql_set_null_of_required",
    "constraints",
    "schema",
    _swap(r"ON DELETE RESTRICT", "ON DELETE SET NULL"),
)
_register("sql_limit_forgotten", "", "schema", _swap(r" CONSTRAINT ck_\w+ CHECK \([^()]*\)", ""))

_register(
    "revision_without_predecessor",
    "migrations",
    "migration",
    _swap(r"^down_revision = .*\n", "", reach=1),
    patchable=False,
)
_register("not_set_aside", "migrations", "migration", _swap(r"^    archive\.put_\w+\(.*\)\n", ""))
_register(
    "required_without_default",
    "migrations",
    "migration",
    _swap(r"(op\.add_column\((?:.|\n)*?)nullable=True", r"\1nullable=False"),
)

# Bodies
_register("field_forgotten", "", _SCHEMA, _swap(r"^    (\w+): \w+Field\n", ""))
_register("longer_than_the_column", "", _SCHEMA, _swap(r"max_length=255", "max_length=2550"))

# Pages
_register(
    "page_knows_the_application",
    "thin_pages",
    "page",
    _swap(r"^from records", "from app.models.base import Record\nfrom records"),
)
_register(
    "markup_of_visitors",
    "thin_pages",
    "page",
    _swap(
        r"\Z",
        'st.markdown("<b>Hello</b>", unsafe_allow_html=True)\n',
        ahead="import streamlit as st",
    ),
)
_register(
    "sent_without_a_look",
    "form_validation",
    "page",
    _swap(
        r"\Z",
        '\nif st.button("Again"):\n    create_record("/api/things", {})\n    st.success("Done")\n',
        ahead="import streamlit as st\nfrom api_client import create_record",
    ),
)
_register(
    "refusal_not_shown",
    "error_display",
    "pages_record_screen pages_entity_page pages_list_screen",
    _swap(
        rf"^( +)except ({_REFUSALS})(?: as \w+)?:\n(?:\1    .*\n)+",
        r"\1except \2:\n\1    refused = True\n",
    ),
)
_register("success_not_told", "success_feedback", "pages_record_screen", _notice_dropped)
_register(
    "widget_without_key",
    "form_validation",
    "pages_record_screen",
    _swap(r'^ +key=f"[^\n]*record_id[^\n]*",\n', ""),
    harmful=True,
)
_register(
    "form_without_button",
    "form_validation",
    "page",
    _swap(
        r"\Z", '\nwith st.form("new"):\n    st.text_input("Name")\n', ahead="import streamlit as st"
    ),
)
_register(
    "attribute_not_on_the_page",
    "",
    "page",
    _swap(r'^        (?:Text|Integer|Date|ExactNumber|Choice)\("\w+"[^\n]*\),\n', ""),
)

# Tests
_register(
    "assertions_forgotten",
    "test_assertion",
    _TESTS,
    _swap(r"^    assert (?:.|\n)*?(?=\n\n\n|\Z)", "    client.get(PATH)"),
)
_register(
    "asserts_nothing_much",
    "test_assertion",
    _TESTS,
    _swap(r"assert (\w+)\.status_code == \d+", r"assert \1.status_code"),
)
_register(
    "asserts_a_constant",
    "test_assertion",
    _TESTS,
    _swap(r"assert answer\.status_code == 20[01]", "assert True"),
)
_register(
    "compares_without_assert",
    "test_assertion",
    _TESTS,
    _swap(r"assert (answer\.status_code == )", r"\1"),
)
_register("skipped", "test_assertion", _TESTS, _swap(r"^(def test_\w+)", r"@pytest.mark.skip\n\1"))
_register(
    "cleanup_forgotten",
    "cleanup",
    "test_fixtures",
    _swap(r"^    client\.close\(\)\n    app\.state\.database\.close\(\)\n", "", reach=1),
)
_register(
    "fixture_undeclared",
    "own_calls",
    "test_fixtures api_tests",
    _swap(r"^@pytest\.fixture(?:\(.*\))?\n", ""),
    patchable=True,
)
_register(
    "nothing_is_deleted", "integration_lifecycle", _TESTS, _without_function(".delete(", '"DELETE"')
)
_register("no_refusal_is_tried", "error_cases", _TESTS, _without_function("404", "422"))
