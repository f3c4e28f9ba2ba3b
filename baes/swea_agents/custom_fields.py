"""Which fields of which entities a language model's function uses, and its code after a rename.

The code is small and of known means, so what a value is can be told: ``record`` is the function's
entity's, ``system.get(Teacher, …)`` a teacher. A field of a value of which that can't be told is
nobody's for sure.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from baes.spec.custom import CustomPart
from baes.swea_agents.identifiers import class_name

__all__ = ["FieldUse", "field_uses", "with_renamed_entity", "with_renamed_field"]

_ONE, _MANY = ("get",), ("find",)
_BY_NAME = ("get", "pop", "setdefault")
_SAME_ITEMS = ("list", "sorted", "tuple", "reversed", "copy")


@dataclass(frozen=True, slots=True)
class FieldUse:
    """A field that is named somewhere."""

    entity: str
    """The class's name; empty: it can't be told."""
    field: str


def field_uses(part: CustomPart) -> frozenset[FieldUse]:
    """The fields that a part's function uses."""
    uses = _Uses(ast.parse(part.code), class_name(part.entity), part.what)
    return frozenset(FieldUse(use.entity, use.field) for use in uses.all())


def with_renamed_field(part: CustomPart, entity: str, old: str, new: str) -> CustomPart | None:
    """The part after a field of an entity got another name; ``None`` where that can't be told."""
    texts = []
    for text in (part.code, part.tests):
        tree = ast.parse(text)
        uses = [
            use for use in _Uses(tree, class_name(part.entity), part.what).all() if use.field == old
        ]
        if any(not use.entity for use in uses):
            return None
        meant = [use for use in uses if use.entity == class_name(entity)]
        for use in meant:
            if isinstance(use.node, ast.keyword):
                use.node.arg = new
            else:
                use.node.value = new
        texts.append(ast.unparse(tree) if meant else text)
    return replace(part, code=texts[0], tests=texts[1])


def with_renamed_entity(part: CustomPart, old: str, new: str) -> CustomPart:
    """The part after an entity got another name."""
    texts = []
    for text in (part.code, part.tests):
        tree = ast.parse(text)
        meant = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id == class_name(old)]
        for node in meant:
            node.id = class_name(new)
        texts.append(ast.unparse(tree) if meant else text)
    entity = new if part.entity == old else part.entity
    return replace(part, entity=entity, code=texts[0], tests=texts[1])


@dataclass(frozen=True, slots=True)
class _Use:
    entity: str
    field: str
    node: ast.Constant | ast.keyword


class _Uses:
    """Walks one tree."""

    def __init__(self, tree: ast.Module, own: str, function: str) -> None:
        self._tree = tree
        self._own = own
        self._callers = (function, "refused")
        self._kinds: dict[str, str] = {"record": own, "before": own}
        """Variable -> the entity of the record, or of the records, that it holds."""
        for _ in range(2):  # a variable may be used above the place that tells what it is
            for node in ast.walk(tree):
                self._learn(node)

    def all(self) -> Iterator[_Use]:
        """Every use."""
        for node in ast.walk(self._tree):
            match node:
                case ast.Subscript(value=value, slice=ast.Constant(value=str(field)) as constant):
                    yield _Use(self._kind(value), field, constant)
                case ast.Call(func=ast.Attribute(value=value, attr=attr), args=args):
                    if attr in ("find", "count") and _is_system(value):
                        entity = _entity_of(args)
                        for keyword in node.keywords:
                            yield _Use(entity, keyword.arg or "", keyword)
                    elif attr in _BY_NAME and not _is_system(value):
                        for key in args[:1]:
                            yield from _named(key, self._kind(value))
                case ast.Compare(left=ast.Constant(value=str(field)) as left, comparators=[right]):
                    if self._kind(right):
                        yield _Use(self._kind(right), field, left)
            yield from self._literals(node)

    def _literals(self, node: ast.AST) -> Iterator[_Use]:
        """The records that tests write down."""
        match node:
            case ast.Assign(value=ast.Dict() as literal, targets=[ast.Name(id=name)]):
                if kind := self._kinds.get(name, ""):
                    yield from _keys(literal, kind)
            case ast.Call(func=ast.Name(id="FakeSystem"), args=[ast.Dict() as records, *_]):
                for key, value in zip(records.keys, records.values, strict=True):
                    literals = (n for n in ast.walk(value) if isinstance(n, ast.Dict))
                    for literal in literals if isinstance(key, ast.Name) else ():
                        yield from _keys(literal, key.id if isinstance(key, ast.Name) else "")
            case ast.Call(func=ast.Name(id=name), args=args) if name in self._callers:
                for argument in args:
                    if isinstance(argument, ast.Dict):
                        yield from _keys(argument, self._own)

    def _learn(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign):
            self._name(node.targets, self._kind(node.value))
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            self._name([node.target], self._kind(node.value))
        elif isinstance(node, ast.For | ast.comprehension):
            self._name([node.target], self._kind(node.iter))
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in self._callers:
            self._name(node.args, self._own)

    def _name(self, targets: list[ast.expr], kind: str) -> None:
        for target in targets:
            if kind and isinstance(target, ast.Name) and not _is_system(target):
                self._kinds.setdefault(target.id, kind)

    def _kind(self, value: ast.expr) -> str:
        match value:
            case ast.Name(id=name):
                return self._kinds.get(name, "")
            case ast.Call(func=ast.Attribute(value=owner, attr=attr), args=args):
                if _is_system(owner) and attr in (*_ONE, *_MANY):
                    return _entity_of(args)
                return self._kind(owner) if attr in _SAME_ITEMS else ""
            case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in _SAME_ITEMS:
                return self._kind(first)
            case ast.Subscript(value=owner, slice=ast.Constant(value=int()) | ast.Slice()):
                return self._kind(owner)
            case ast.BoolOp(values=values):
                return next((kind for v in values if (kind := self._kind(v))), "")
            case ast.IfExp(body=body, orelse=orelse):
                return self._kind(body) or self._kind(orelse)
        return ""


def _keys(literal: ast.Dict, entity: str) -> Iterator[_Use]:
    for key in literal.keys:
        yield from _named(key, entity)


def _named(key: ast.expr | None, entity: str) -> Iterator[_Use]:
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        yield _Use(entity, key.value, key)


def _entity_of(arguments: list[ast.expr]) -> str:
    first = arguments[0] if arguments else None
    return first.id if isinstance(first, ast.Name) else ""


def _is_system(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and value.id == "system"
