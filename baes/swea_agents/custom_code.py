"""What a language model is asked to write, and the files around what it wrote.

The model writes one function of plain values and its tests. The signature, the docstring, the
imports and the names are given here, so that the files read like those beside them whoever wrote
the body.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from baes.datafiles import load_toml
from baes.errors import ArtifactRejected, InvalidSpec
from baes.spec.custom import CustomPart
from baes.spec.inflection import singular
from baes.spec.model import Attribute, Entity, SystemSpec
from baes.spec.names import snake_case
from baes.spec.navigation import id_field
from baes.spec.pipeline import AgentName, Artifact
from baes.swea_agents.base_swea import StaticView
from baes.swea_agents.identifiers import class_name, module_name
from baes.utils.template_registry import TemplateRegistry, python_type

__all__ = [
    "CustomCode",
    "concerned_entities",
    "custom_name",
    "custom_path",
    "entity_outline",
    "fields_of",
    "read_back",
    "split_code",
]

FOLDER = "app/custom/model"
MAX_NAME = 40
FIRST_OUTLINED = 4
"""Entities that are outlined where a fragment names none that is known."""
_UNTYPED_TEST = re.compile(r"^(def test_\w*\(\s*\))\s*:", re.MULTILINE)
_HELPERS = ("FakeSystem", "refused")
_ARGUMENTS = ["system", "record", "before"]


@dataclass(frozen=True, slots=True)
class ModelFunctionView:
    """What ``project/model_function.py.j2`` shows."""

    purpose: str
    docstring: str
    imports: tuple[str, ...]
    models: tuple[str, ...]
    helpers: tuple[str, ...]
    name: str
    body: str
    entity: str
    moments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelTestsView:
    """What ``tests/model_function.py.j2`` shows."""

    docstring: str
    imports: tuple[str, ...]
    models: tuple[str, ...]
    module: str
    helpers: str
    """What it imports of ``tests/fake_system.py``."""
    name: str
    body: str


@dataclass(frozen=True, slots=True)
class SplitCode:
    """The model's code, taken apart."""

    helpers: tuple[str, ...]
    body: str


class CustomCode:
    """Renders the files of custom parts.

    Args:
        registry: The templates.
    """

    def __init__(self, registry: TemplateRegistry) -> None:
        self._registry = registry

    def files(self, parts: Iterable[CustomPart], spec: SystemSpec) -> tuple[Artifact, ...]:
        """All files of the parts that somebody wrote, and what they share."""
        written = [part for part in parts if not part.is_open]
        if not written:
            return ()
        return (
            self._artifact("model_package", f"{FOLDER}/__init__.py", StaticView()),
            self._artifact("model_system", f"{FOLDER}/system.py", StaticView()),
            self._artifact("fake_system", "tests/fake_system.py", StaticView()),
            *(artifact for part in written for artifact in self.files_of(part, spec)),
        )

    def files_of(self, part: CustomPart, spec: SystemSpec) -> tuple[Artifact, Artifact]:
        """(the function's module, the tests) of one part."""
        split = split_code(part.code, part.what)
        docstring = _sentence(part.fragment)
        path = custom_path(part)
        function = ModelFunctionView(
            purpose=docstring,
            docstring=docstring,
            imports=_imports(part.code),
            models=_models(spec, part.code, part.entity),
            helpers=split.helpers,
            name=part.what,
            body=split.body,
            entity=class_name(part.entity),
            moments=part.moments,
        )
        tests = ModelTestsView(
            docstring=docstring,
            imports=_imports(part.tests),
            models=_models(spec, part.tests),
            module=path.rpartition("/")[2].removesuffix(".py"),
            helpers=", ".join(n for n in _HELPERS if n in _names(part.tests)),
            name=part.what,
            body=_without_imports(part.tests),
        )
        return (
            self._artifact("model_function", path, function, entity=part.entity),
            self._artifact("model_function_tests", _tests_path(part), tests, entity=part.entity),
        )

    def fake_system(self) -> str:
        """The source of what stands in for the system in tests."""
        return self._artifact("fake_system", "tests/fake_system.py", StaticView()).content

    def _artifact(self, kind: str, path: str, view: object, entity: str = "") -> Artifact:
        info = self._registry.select(kind)
        if info is None:
            raise ArtifactRejected(f"no template makes a {kind}", f"{path} needs one")
        agent: AgentName = "TestSWEA" if path.startswith("tests/") else "BackendSWEA"
        content = self._registry.render(info.name, view).content
        return Artifact(path, content, agent, kind, info.name, info.version, entity)


def custom_path(part: CustomPart) -> str:
    """The file of a part's function, relative to the managed system."""
    return f"{FOLDER}/{module_name(part.entity)}_{part.what}.py"


def custom_name(fragment: str, taken: Iterable[str] = ()) -> str:
    """What the function for a fragment is called.

    >>> custom_name("Send the teacher an e-mail when a course is full")
    'send_teacher_e_mail_course_full'
    >>> custom_name("Enviar um e-mail ao professor", ["enviar_e_mail_ao_professor"])
    'enviar_e_mail_ao_professor_2'
    """
    small_words = load_toml("swea_agents/data/custom_names.toml")["small_words"]
    words = [w for w in snake_case(fragment).split("_") if w and w not in small_words]
    name = ""
    for word in words:
        if len(name) + len(word) >= MAX_NAME:
            break
        name = f"{name}_{word}" if name else word
    name = name or "custom"
    if not name[0].isalpha():
        name = f"do_{name}"
    used, number, first = set(taken), 2, name
    while name in used:
        name = f"{first}_{number}"
        number += 1
    return name


def _tests_path(part: CustomPart) -> str:
    return f"tests/test_model_{module_name(part.entity)}_{part.what}.py"


def concerned_entities(
    spec: SystemSpec, fragment: str, touched: Iterable[str]
) -> tuple[Entity, ...]:
    """The entities that a fragment speaks of, else those that the request touches, else some."""
    words = {singular(word) for word in re.findall(r"\w+", fragment.casefold())}
    named = [e for e in spec if {singular(w) for w in _words_of(e)} <= words]
    near = {
        other
        for entity in named
        for link in spec.relationships
        if entity.name in (link.source, link.target)
        for other in (link.source, link.target)
    }
    if named:
        order = {entity.name for entity in named} | near
        return tuple(entity for entity in spec if entity.name in order)
    some = tuple(spec.entity(name) for name in dict.fromkeys(touched) if spec.find(name))
    return some or tuple(spec)[:FIRST_OUTLINED]


def entity_outline(spec: SystemSpec, entity: Entity) -> str:
    """An entity's fields with their Python types, on one line."""
    fields = ["id: int", *(_outlined(attribute) for attribute in entity.attributes)]
    for link in spec.relationships:
        if link.source == entity.name:
            many = link.kind == "many_to_many"
            kind = f"list[int], ids of {link.target}" if many else f"int, id of {link.target}"
            optional = "" if many or link.required else " or None"
            fields.append(f"{id_field(link)}: {kind}{optional}")
    return f"{class_name(entity.name)}: {'; '.join(fields)}"


def fields_of(spec: SystemSpec, entity: Entity) -> frozenset[str]:
    """What a record of an entity has."""
    links = (id_field(link) for link in spec.relationships if link.source == entity.name)
    return frozenset({"id", *(a.name for a in entity.attributes), *links})


def split_code(code: str, name: str) -> SplitCode:
    """The helpers and the body of the function of a name.

    Raises:
        InvalidSpec: There is no such function with the given arguments, or something else beside.
    """
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError) as error:
        raise InvalidSpec(f"it is no Python: {error}") from error
    lines = code.splitlines()
    helpers: list[str] = []
    body = ""
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef):
            continue
        if node.name == name:
            if [argument.arg for argument in node.args.args] != _ARGUMENTS:
                raise InvalidSpec(f"{name} must have the arguments {', '.join(_ARGUMENTS)}")
            body = _body(node, lines)
        elif node.name.startswith("_"):
            helpers.append(ast.unparse(node) if _is_short(node) else _lines(node, lines))
        else:
            raise InvalidSpec(f"a helper's name begins with _, not {node.name}")
    if not body:
        raise InvalidSpec(f"there is no function {name}")
    return SplitCode(tuple(helpers), body)


def read_back(part: CustomPart, function: Artifact, tests: Artifact) -> CustomPart:
    """A part as its two files say it, where those were mended."""
    return replace(part, code=_functions(function.content), tests=_functions(tests.content))


def _functions(code: str) -> str:
    """The functions of a file alone; what stands around them is given here."""
    tree, lines = ast.parse(code), code.splitlines()
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return "\n\n\n".join(_lines(node, lines) for node in functions) + "\n"


def _body(node: ast.FunctionDef, lines: list[str]) -> str:
    """The statements of a function without its docstring, indented by four."""
    statements = list(node.body)
    first = statements[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        statements = statements[1:]
    if not statements:
        return ""
    start, end = statements[0].lineno, statements[-1].end_lineno
    if start == node.lineno or statements[0].col_offset == 0:
        return textwrap.indent("\n".join(ast.unparse(s) for s in statements), "    ")
    above = [line for line in lines[node.lineno : start - 1] if line.lstrip().startswith("#")]
    return "\n".join([*above, *lines[start - 1 : end]])


def _lines(node: ast.FunctionDef, lines: list[str]) -> str:
    return "\n".join(lines[node.lineno - 1 : node.end_lineno])


def _is_short(node: ast.FunctionDef) -> bool:
    return node.lineno == node.body[0].lineno


def _without_imports(code: str) -> str:
    """The functions of the tests alone, typed as tests are."""
    return _UNTYPED_TEST.sub(r"\1 -> None:", _functions(code).rstrip("\n"))


def _imports(code: str) -> tuple[str, ...]:
    named = _names(code)
    lines = []
    if "datetime" in named:
        lines.append("import datetime")
    if "Decimal" in named:
        lines.append("from decimal import Decimal")
    return tuple(lines)


def _models(spec: SystemSpec, code: str, *always: str) -> tuple[str, ...]:
    named = _names(code)
    wanted = {e.name for e in spec if class_name(e.name) in named} | set(always)
    modules = sorted((module_name(name), class_name(name)) for name in wanted)
    return tuple(f"from app.models.{module} import {class_}" for module, class_ in modules)


def _names(code: str) -> frozenset[str]:
    return frozenset(n.id for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Name))


def _words_of(entity: Entity) -> Iterator[str]:
    yield from snake_case(entity.name).split("_")


def _outlined(attribute: Attribute) -> str:
    optional = "" if attribute.required else " or None"
    choices = f" of {', '.join(map(repr, attribute.choices))}" if attribute.choices else ""
    return f"{attribute.name}: {python_type(attribute.type)}{optional}{choices}"


def _sentence(fragment: str) -> str:
    """The fragment as a docstring's line: one line, no quotes that end it, a full stop."""
    line = " ".join(fragment.split()).replace("\\", "/").replace('"', "'").rstrip(".!; ")
    line = textwrap.shorten(line, 90, placeholder=" …")
    return f"{line[:1].upper()}{line[1:]}."
