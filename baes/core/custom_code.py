"""What people wrote in ``app/custom`` about things that a request renames.

An attribute is met as ``record["level"]``, ``Student.level`` or ``level=…``, an entity by its
class, its modules and its path. Such lines are rewritten, with consent; lines that only may be
about it are shown and stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from baes.core.name_uses import Words, identifiers, name_uses
from baes.core.project_paths import ProjectPaths
from baes.errors import NeedsOverwrite
from baes.spec.apply import apply
from baes.spec.changes import Change, RenameAttribute, RenameEntity
from baes.spec.model import SystemSpec
from baes.spec.navigation import collection_of
from baes.spec.pipeline import Artifact
from baes.swea_agents.identifiers import class_name, field_name, module_name, schema_name
from baes.texts import Message

__all__ = [
    "CustomRewrite",
    "Use",
    "custom_question",
    "read_custom",
    "rewritten_custom",
    "suspects_notice",
]

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
    suspects: tuple[Use, ...] = ()
    """Lines that may be about it, and stay."""


@dataclass(frozen=True, slots=True)
class _Rename:
    """One rename: what it replaces, and where."""

    words: Words
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
    suspects: dict[tuple[str, int], Use] = {}
    for change in changes:
        rename = _rename(old, change)
        old = apply(old, [change])
        if rename is None:
            continue
        for path in sorted(now):
            if _is_meant(path, now[path], rename):
                now[path], lines = _replaced(now[path], rename.words)
                before = files[origin[path]].split("\n")
                for line in lines:
                    text = before[line - 1].strip()
                    suspects[path, line] = Use(origin[path], line, text, text)
        if rename.module is not None:
            _move(now, origin, *rename.module)
    renamed = {path: origin[path] for path in now if origin[path] != path}
    changed = {path for path in now if path in renamed or now[path] != files[origin[path]]}
    return CustomRewrite(
        uses=tuple(
            use for path in sorted(changed) for use in _uses(files, now, origin[path], path)
        ),
        files=tuple(_artifact(path, now[path]) for path in sorted(changed)),
        gone=tuple(sorted(set(renamed.values()) - now.keys())),
        suspects=tuple(suspects.values()),
    )


def read_custom(paths: ProjectPaths) -> dict[str, str]:
    """People's Python files: path relative to the managed system -> content."""
    system = paths.managed_system
    folder = system / FOLDER
    written_by_model = folder / "model"
    found = sorted(path for path in folder.rglob("*.py") if written_by_model not in path.parents)
    texts = {path.relative_to(system).as_posix(): path.read_bytes() for path in found}
    return {path: text.decode("utf-8", "surrogateescape") for path, text in texts.items()}


def custom_question(found: CustomRewrite) -> NeedsOverwrite:
    """Asks whether people's lines shall follow a rename."""
    lines = [
        f"{use.path}:{use.line}: {use.before}  ->  {use.after}"
        if use.line
        else f"{use.path}  ->  {use.after}"
        for use in found.uses
    ]
    shown = _shown(lines)
    if found.suspects:
        notice = suspects_notice(found)
        shown = Message.of("core.custom.besides", lines=shown, notice=notice)
    return NeedsOverwrite.of("core.error.custom", lines=shown)


def suspects_notice(found: CustomRewrite) -> Message:
    """Tells of the lines that may name what is renamed."""
    lines = [f"{use.path}:{use.line}: {use.before}" for use in found.suspects]
    return Message.of("core.custom.suspects", lines=_shown(lines))


def _shown(lines: list[str]) -> object:
    shown = "\n".join(lines[:SHOWN])
    if len(lines) <= SHOWN:
        return shown
    return Message.of("core.open.more", shown=shown, count=len(lines) - SHOWN)


def _artifact(path: str, content: str) -> Artifact:
    return Artifact(path, content, "BackendSWEA", "custom", "", "")


def _rename(spec: SystemSpec, change: Change) -> _Rename | None:
    match change:
        case RenameAttribute(entity, name, new_name):
            fields = {field_name(name): field_name(new_name), name: new_name}
            return _Rename(
                Words(fields=fields, suspected=(name,)),
                only_with=(class_name(entity), module_name(entity), schema_name(entity)),
            )
        case RenameEntity(entity, new_name):
            return _entity_rename(spec, entity, apply(spec, [change]), new_name)
    return None


def _entity_rename(spec: SystemSpec, old: str, renamed: SystemSpec, new: str) -> _Rename:
    names = {class_name(old): class_name(new), module_name(old): module_name(new)}
    for end in _SCHEMAS:
        names[f"{schema_name(old)}{end}"] = f"{schema_name(new)}{end}"
    names[f"{module_name(old)}_routes"] = f"{module_name(new)}_routes"
    before = collection_of(spec.entity(old), spec.language)
    after = collection_of(renamed.entity(new), spec.language)
    paths = {f"/api/{before}": f"/api/{after}"}
    suspected = (before, class_name(old))
    words = Words(names=names, paths=paths, suspected=suspected)
    return _Rename(words, module=(module_name(old), module_name(new)))


def _is_meant(path: str, content: str, rename: _Rename) -> bool:
    if not rename.only_with:
        return True
    named = {path.rsplit("/", 1)[-1].removesuffix(".py")} | identifiers(content)
    return bool(named.intersection(rename.only_with))


def _replaced(content: str, words: Words) -> tuple[str, tuple[int, ...]]:
    """(the text with other names, the lines that only may be about them)."""
    suspects: list[int] = []
    for use in reversed(name_uses(content, words)):
        if use.new is None:
            suspects.append(content.count("\n", 0, use.start) + 1)
        else:
            content = f"{content[: use.start]}{use.new}{content[use.end :]}"
    return content, tuple(reversed(suspects))


def _move(now: dict[str, str], origin: dict[str, str], old: str, new: str) -> None:
    source, target = f"{FOLDER}/{old}.py", f"{FOLDER}/{new}.py"
    if source in now and target not in now:
        now[target], origin[target] = now.pop(source), origin.pop(source)


def _uses(
    files: Mapping[str, str], now: Mapping[str, str], old_path: str, path: str
) -> Iterator[Use]:
    before, after = files[old_path].split("\n"), now[path].split("\n")
    if old_path != path:
        yield Use(old_path, 0, old_path, path)
    for number, (old, new) in enumerate(zip(before, after, strict=True), 1):
        if old != new:
            yield Use(old_path, number, old.strip(), new.strip())
