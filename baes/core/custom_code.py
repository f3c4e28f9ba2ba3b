"""What people wrote in ``app/custom`` about things that a request renames.

Python's own tokens tell a name from a comment or a part of a word. An attribute is met as
``record["level"]``, ``Student.level`` or ``level=…``; a plain variable of that name is people's own
and stays. An entity is met by its class, its modules and its path.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from baes.core.project_paths import ProjectPaths
from baes.errors import NeedsOverwrite
from baes.spec.apply import apply
from baes.spec.changes import Change, RenameAttribute, RenameEntity
from baes.spec.model import SystemSpec
from baes.spec.navigation import collection_of
from baes.spec.pipeline import Artifact
from baes.swea_agents.identifiers import class_name, field_name, module_name, schema_name
from baes.texts import Message

__all__ = ["CustomRewrite", "Use", "custom_question", "read_custom", "rewritten_custom"]

FOLDER = "app/custom"
SHOWN = 20
"""Lines that a question repeats."""
_SCHEMAS = ("Create", "Read", "Patch", "Query")


@dataclass(frozen=True, slots=True)
class Use:
    """A line that names what is renamed."""

    path: str
    line: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CustomRewrite:
    """What people's files would be after the renames; only those that change."""

    uses: tuple[Use, ...] = ()
    files: tuple[Artifact, ...] = ()
    gone: tuple[str, ...] = ()
    """Paths that have got another name."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What one rename replaces."""

    names: Mapping[str, str]
    """Python names, wherever they stand."""
    fields: Mapping[str, str]
    """Python names that stand for a field: after a point, or as an argument's name."""
    texts: Mapping[str, str]
    """Whole quoted texts, and their beginnings up to a ``/``."""
    only_with: tuple[str, ...] = ()
    """Only files that hold one of these words are meant; empty: all."""
    module: tuple[str, str] | None = None
    """The name of a file, before and after."""


def rewritten_custom(
    files: Mapping[str, str], old: SystemSpec, changes: Iterable[Change]
) -> CustomRewrite:
    """People's files as the renames among some changes want them.

    Args:
        files: Path relative to the managed system -> content, of all Python files in the folder.
        old: The system before the changes.
        changes: In their order.
    """
    now = dict(files)
    origin = {path: path for path in files}
    for change in changes:
        words = _words(old, change)
        old = apply(old, [change])
        if words is None:
            continue
        for path in sorted(now):
            if _is_meant(path, now[path], words):
                now[path] = _replaced(now[path], words)
        if words.module is not None:
            _move(now, origin, *words.module)
    renamed = {path: origin[path] for path in now if origin[path] != path}
    changed = {path for path in now if path in renamed or now[path] != files[origin[path]]}
    return CustomRewrite(
        uses=tuple(
            use for path in sorted(changed) for use in _uses(files, now, origin[path], path)
        ),
        files=tuple(_artifact(path, now[path]) for path in sorted(changed)),
        gone=tuple(sorted(set(renamed.values()) - now.keys())),
    )


def read_custom(paths: ProjectPaths) -> dict[str, str]:
    """People's Python files: path relative to the managed system -> content."""
    system = paths.managed_system
    found = sorted((system / FOLDER).rglob("*.py"))
    texts = {path.relative_to(system).as_posix(): path.read_bytes() for path in found}
    return {path: text.decode("utf-8", "surrogateescape") for path, text in texts.items()}


def custom_question(uses: tuple[Use, ...]) -> NeedsOverwrite:
    """Asks whether people's lines shall follow a rename."""
    lines = [
        f"{use.path}:{use.line}: {use.before}  ->  {use.after}"
        if use.line
        else f"{use.path}  ->  {use.after}"
        for use in uses[:SHOWN]
    ]
    shown: object = "\n".join(lines)
    if len(uses) > SHOWN:
        shown = Message.of("core.open.more", shown=shown, count=len(uses) - SHOWN)
    return NeedsOverwrite.of("core.error.custom", lines=shown)


def _artifact(path: str, content: str) -> Artifact:
    return Artifact(path, content, "BackendSWEA", "custom", "", "")


def _words(spec: SystemSpec, change: Change) -> _Words | None:
    match change:
        case RenameAttribute(entity, name, new_name):
            return _Words(
                names={},
                fields={field_name(name): field_name(new_name)},
                texts={name: new_name},
                only_with=(class_name(entity), module_name(entity), schema_name(entity)),
            )
        case RenameEntity(entity, new_name):
            return _entity_words(spec, entity, apply(spec, [change]), new_name)
    return None


def _entity_words(spec: SystemSpec, old: str, renamed: SystemSpec, new: str) -> _Words:
    names = {class_name(old): class_name(new), module_name(old): module_name(new)}
    for end in _SCHEMAS:
        names[f"{schema_name(old)}{end}"] = f"{schema_name(new)}{end}"
    names[f"{module_name(old)}_routes"] = f"{module_name(new)}_routes"
    before = f"/api/{collection_of(spec.entity(old), spec.language)}"
    after = f"/api/{collection_of(renamed.entity(new), spec.language)}"
    return _Words(names, {}, {before: after}, module=(module_name(old), module_name(new)))


def _is_meant(path: str, content: str, words: _Words) -> bool:
    if not words.only_with:
        return True
    named = {path.rsplit("/", 1)[-1].removesuffix(".py")}
    named |= {token.string for token in _tokens(content) if token.type == tokenize.NAME}
    return bool(named.intersection(words.only_with))


def _replaced(content: str, words: _Words) -> str:
    lines = content.splitlines(keepends=True)
    for (row, start), end, new in reversed(list(_replacements(content, words))):
        line = lines[row - 1]
        lines[row - 1] = f"{line[:start]}{new}{line[end:]}"
    return "".join(lines)


def _replacements(content: str, words: _Words) -> Iterator[tuple[tuple[int, int], int, str]]:
    """((line, column), the column behind, what stands there instead), in the order of the text."""
    tokens = list(_tokens(content))
    for place, token in enumerate(tokens):
        new = None
        if token.type == tokenize.NAME:
            before = tokens[place - 1].string if place else ""
            after = tokens[place + 1].string if place + 1 < len(tokens) else ""
            new = words.names.get(token.string)
            if before == "." or (before in ("(", ",") and after == "="):
                new = words.fields.get(token.string, new)
        elif token.type == tokenize.STRING and token.start[0] == token.end[0]:
            new = _text(token.string, words.texts)
        if new is not None:
            yield token.start, token.end[1], new


def _text(literal: str, texts: Mapping[str, str]) -> str | None:
    """The literal with another text in it; ``None`` when it is about something else."""
    try:
        value = ast.literal_eval(literal)
    except (ValueError, SyntaxError):  # an f-string
        return None
    for old, new in texts.items():
        if value == old or (isinstance(value, str) and value.startswith(f"{old}/")):
            return literal.replace(old, new, 1)
    return None


def _tokens(content: str) -> Iterator[tokenize.TokenInfo]:
    try:
        yield from tokenize.generate_tokens(io.StringIO(content).readline)
    except (tokenize.TokenError, SyntaxError):  # people may leave a file half written
        return


def _move(now: dict[str, str], origin: dict[str, str], old: str, new: str) -> None:
    source, target = f"{FOLDER}/{old}.py", f"{FOLDER}/{new}.py"
    if source in now and target not in now:
        now[target], origin[target] = now.pop(source), origin.pop(source)


def _uses(
    files: Mapping[str, str], now: Mapping[str, str], old_path: str, path: str
) -> Iterator[Use]:
    before, after = files[old_path].splitlines(), now[path].splitlines()
    if old_path != path:
        yield Use(old_path, 0, old_path, path)
    for number, (old, new) in enumerate(zip(before, after, strict=True), 1):
        if old != new:
            yield Use(old_path, number, old.strip(), new.strip())
