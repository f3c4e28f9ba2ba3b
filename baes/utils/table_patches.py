"""Patches of tables that SQLAlchemy classes declare: names of constraints, deletions, indexes."""

from __future__ import annotations

import re

import libcst as cst

from baes.utils.patching import Patch, Place, expression

__all__ = ["model_constraint", "model_index"]

_PREFIXES = {"ForeignKey": "fk", "CheckConstraint": "ck", "UniqueConstraint": "uq"}


def model_constraint(place: Place) -> Patch | None:
    """A name for a constraint, or what becomes of a reference."""
    reason = place.finding.reason
    call = place.beginning(cst.Call)
    if call is None:
        return None
    if "has no name" in reason:
        word = place.code(call.func).rpartition(".")[2]
        prefix = _PREFIXES.get(word)
        names = (_class_name(place), _column(place))
        if prefix is None or "" in names:
            return None
        name = f"{prefix}_{'_'.join(names)}".lower()
        return place.replaced(call, _given(call, "name", repr(name).replace("'", '"')))
    if "what a deletion does" in reason:
        optional = "None" in _annotation(place)
        return place.replaced(
            call, _given(call, "ondelete", '"SET NULL"' if optional else '"RESTRICT"')
        )
    return None


def model_index(place: Place) -> Patch | None:
    """An index of a column that refers to another table."""
    column = next(
        (c for c in place.on_line(cst.Call) if place.code(c.func).endswith("mapped_column")), None
    )
    if column is None or "has no index" not in place.finding.reason:
        return None
    named = re.search(r'name="fk_(\w+)"', place.code(column))
    listed = _table_args(place)
    if named is None or listed is None:
        return place.replaced(column, _given(column, "index", "True"))
    index = cst.Element(expression(f'Index("ix_{named.group(1)}", "{_column(place)}")'))
    elements = [*listed.elements]
    last = elements[-1:] if elements and isinstance(elements[-1].value, cst.Dict) else []
    before = elements[: len(elements) - len(last)]
    longer = listed.with_changes(elements=[*before, index, *last])
    return place.replaced(listed, longer, ("sqlalchemy", "Index"))


def _table_args(place: Place) -> cst.Tuple | None:
    """The constraints and indexes that the table's class names, the options last."""
    class_ = place.covering(cst.ClassDef)
    for assigned in place.within(class_, cst.Assign) if class_ is not None else []:
        is_it = place.code(assigned.targets[0].target) == "__table_args__"
        if is_it and isinstance(assigned.value, cst.Tuple):
            return assigned.value
    return None


def _given(call: cst.Call, name: str, value: str) -> cst.Call:
    plain = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    argument = cst.Arg(expression(value), keyword=cst.Name(name), equal=plain)
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    before = [a.with_changes(comma=comma) for a in call.args[-1:]]
    return call.with_changes(args=[*call.args[:-1], *before, argument])


def _column(place: Place) -> str:
    declared = place.covering(cst.AnnAssign)
    return place.code(declared.target) if declared is not None else ""


def _annotation(place: Place) -> str:
    declared = place.covering(cst.AnnAssign)
    return place.code(declared.annotation.annotation) if declared is not None else ""


def _class_name(place: Place) -> str:
    class_ = place.covering(cst.ClassDef)
    return class_.name.value if class_ is not None else ""
