"""The catalogue of templates, and their rendering.

What a template is called, makes, belongs to and has as version is data (``catalogue.toml``). A
template gets one frozen view object, whose fields are the names that it may use; an unknown name
is an error and never an empty place. Jinja2 is imported by the first rendering.
"""

from __future__ import annotations

import contextlib
import dataclasses
import sqlite3
import threading
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baes.datafiles import PACKAGE, load_toml, read_toml
from baes.errors import ArtifactRejected, InvalidSpec
from baes.spec.names import pascal_case, snake_case
from baes.spec.pipeline import Artifact, Diagnostic

if TYPE_CHECKING:
    import jinja2

__all__ = [
    "Linter",
    "TemplateInfo",
    "TemplateOutput",
    "TemplateProblem",
    "TemplateRegistry",
    "TemplateUse",
    "compile_all",
]

TEMPLATES = PACKAGE / "templates"


@dataclass(frozen=True, slots=True)
class TemplateInfo:
    """One template of the catalogue."""

    name: str
    """Path under the templates' folder: ``backend/routes.py.j2``."""
    type: str
    """The artifact type that it makes: ``routes``."""
    agent: str
    version: str
    description: str


@dataclass(frozen=True, slots=True)
class TemplateOutput:
    """What a rendering gave."""

    content: str
    template: str
    version: str
    fallback_used: bool = False
    """No template of that name exists; the content is empty and somebody else must write it."""


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """How often templates were used since the registry was made."""

    rendered: tuple[tuple[str, int], ...]
    """(template's name, how often), by name."""
    uncovered: tuple[tuple[str, int], ...]
    """(artifact type or name that no template covers, how often it was asked for)."""


@dataclass(frozen=True, slots=True)
class TemplateProblem:
    """A fault in what a template makes of a sample."""

    template: str
    path: str
    reason: str


Linter = Callable[[Iterable[Artifact]], Iterable[Diagnostic]]


class TemplateRegistry:
    """Finds, renders and counts templates; safe to share between threads.

    Args:
        folder: Where ``catalogue.toml`` and the templates are.
    """

    def __init__(self, folder: Path = TEMPLATES) -> None:
        entries = read_toml(folder / "catalogue.toml")["template"]
        self._folder = folder
        self._catalogue = {entry["name"]: TemplateInfo(**entry) for entry in entries}
        self._sources: dict[str, str] = {}
        self._rendered: Counter[str] = Counter()
        self._uncovered: Counter[str] = Counter()
        self._lock = threading.Lock()

    def list(self) -> tuple[TemplateInfo, ...]:
        """All templates, in the order of the catalogue."""
        return tuple(self._catalogue.values())

    def select(self, artifact_type: str) -> TemplateInfo | None:
        """The template that makes an artifact type; the latest registered where there are several.

        ``None`` is counted as a request that no template covers.
        """
        fitting = [info for info in self._catalogue.values() if info.type == artifact_type]
        if fitting:
            return fitting[-1]
        with self._lock:
            self._uncovered[artifact_type] += 1
        return None

    def register(self, info: TemplateInfo, source: str) -> None:
        """Add a template from text, or replace the one of that name.

        Raises:
            InvalidSpec: The source is no Jinja2 template.
        """
        import jinja2

        try:
            self._environment.parse(source)
        except jinja2.TemplateSyntaxError as exc:
            raise InvalidSpec(
                f"{info.name} is no template", f"line {exc.lineno}: {exc.message}"
            ) from exc
        with self._lock:
            self._sources[info.name] = source
            self._catalogue[info.name] = info
            if self._environment.cache is not None:
                self._environment.cache.clear()

    def render(self, name: str, view: object) -> TemplateOutput:
        """The text that a template makes of a view (a dataclass instance).

        Raises:
            ArtifactRejected: The template asks for what the view doesn't have.
        """
        import jinja2

        info = self._catalogue.get(name)
        with self._lock:
            (self._rendered if info else self._uncovered)[name] += 1
        if info is None:
            return TemplateOutput("", name, "", fallback_used=True)
        try:
            content = self._environment.get_template(name).render(_fields(view))
        except (jinja2.UndefinedError, jinja2.TemplateSyntaxError) as exc:
            raise ArtifactRejected(f"the template {name} can't be rendered", str(exc)) from exc
        return TemplateOutput(content, name, info.version)

    @property
    def use(self) -> TemplateUse:
        """The counts so far."""
        with self._lock:
            return TemplateUse(
                tuple(sorted(self._rendered.items())), tuple(sorted(self._uncovered.items()))
            )

    def validate(self, samples: Iterable[Artifact], lint: Linter) -> tuple[TemplateProblem, ...]:
        """What is wrong with what the templates make of the sample systems; empty: nothing.

        Args:
            samples: What the agents rendered for the samples, formatted.
            lint: Finds the faults of style in Python code.
        """
        artifacts = tuple(samples)
        found = [problem for artifact in artifacts for problem in _faults(artifact)]
        makers = {artifact.path: artifact.template for artifact in artifacts}
        found += [
            TemplateProblem(makers[d.path], d.path, f"line {d.line}: {d.message} ({d.code})")
            for d in lint(artifacts)
        ]
        used = set(makers.values())
        unused = self._catalogue.keys() - used - self._included_by(used)
        found += [TemplateProblem(name, "", "no sample system uses it") for name in sorted(unused)]
        return tuple(found)

    def compile_all(self) -> int:
        """Compile every template, so that no command pays for it; how many there are."""
        for name in self._catalogue:
            self._environment.get_template(name)
        return len(self._catalogue)

    def _included_by(self, names: Iterable[str]) -> set[str]:
        """Templates that others import or include, however far down."""
        from jinja2 import meta

        found: set[str] = set()
        waiting = list(names)
        while waiting:
            source = self._source(waiting.pop())
            references = meta.find_referenced_templates(self._environment.parse(source))
            new = {name for name in references if name} - found
            found |= new
            waiting += new
        return found

    def _source(self, name: str) -> str:
        return self._sources.get(name) or (self._folder / name).read_text(encoding="utf-8")

    @cached_property
    def _environment(self) -> jinja2.Environment:
        import jinja2

        from baes.utils.template_cache import CompiledTemplates, user_cache

        environment = jinja2.Environment(
            loader=jinja2.ChoiceLoader(
                [jinja2.DictLoader(self._sources), jinja2.FileSystemLoader(self._folder)]
            ),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            autoescape=False,  # noqa: S701  code is made, no HTML
            auto_reload=False,
            bytecode_cache=CompiledTemplates((self._folder / "__pycache__", user_cache())),
        )
        environment.filters.update(
            snake_case=snake_case, pascal_case=pascal_case, python_type=python_type, py=repr
        )
        return environment


def python_type(attribute_type: str) -> str:
    """The Python type of an attribute type's values, as it is written in generated code.

    >>> python_type("integer"), python_type("date"), python_type("email")
    ('int', 'datetime.date', 'str')
    """
    return str(load_toml("templates/python_types.toml")[attribute_type])


def compile_all() -> int:
    """Compile the packaged templates; an installation runs this once."""
    return TemplateRegistry().compile_all()


def _faults(artifact: Artifact) -> Iterator[TemplateProblem]:
    """Python that can't be compiled, SQL that can't be run."""
    try:
        if artifact.path.endswith(".py"):
            compile(artifact.content, artifact.path, "exec", dont_inherit=True)
        elif artifact.path.endswith(".sql"):
            with contextlib.closing(sqlite3.connect(":memory:")) as connection:
                connection.executescript(artifact.content)
        elif artifact.path.endswith(".toml"):
            tomllib.loads(artifact.content)
    except (SyntaxError, sqlite3.Error, tomllib.TOMLDecodeError) as exc:
        yield TemplateProblem(artifact.template, artifact.path, str(exc))


def _fields(view: object) -> dict[str, Any]:
    if not dataclasses.is_dataclass(view):
        raise TypeError(f"a view is a dataclass instance, not {type(view).__name__}")
    return {field.name: getattr(view, field.name) for field in dataclasses.fields(view)}
