"""``baes templates list|validate``."""

from __future__ import annotations

import argparse

from baes.cli.output import print_json, print_text, say
from baes.cli.parser import Parser
from baes.utils.template_registry import TemplateRegistry

__all__ = ["add_arguments", "run"]


def add_arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("action", choices=["list", "validate"], metavar="list|validate")


def run(options: argparse.Namespace) -> int:
    """List the templates, or render and lint them with the sample systems."""
    return _list(options) if options.action == "list" else _validate(options)


def _list(options: argparse.Namespace) -> int:
    templates = TemplateRegistry().list()
    if options.json:
        keys = ("name", "type", "agent", "version", "description")
        print_json({"templates": [{key: getattr(t, key) for key in keys} for t in templates]})
        return 0
    width = max(len(t.name) for t in templates)
    for template in templates:
        print_text(f"{template.name:<{width}}  {template.version:<6} {template.description}")
    return 0


def _validate(options: argparse.Namespace) -> int:
    from baes.core.formatter import format_artifacts, lint_artifacts
    from baes.swea_agents.template_samples import sample_artifacts

    registry = TemplateRegistry()
    samples = format_artifacts(sample_artifacts(registry))
    problems = registry.validate(samples, lint_artifacts)
    if options.json:
        keys = ("template", "path", "reason")
        listed = [{key: getattr(problem, key) for key in keys} for problem in problems]
        print_json({"success": not problems, "problems": listed})
        return 1 if problems else 0
    for problem in problems:
        print_text(f"{problem.template}: {problem.path} {problem.reason}")
    if not problems:
        say(
            options.language,
            "cli.templates.valid",
            templates=len(registry.list()),
            files=len(samples),
        )
    return 1 if problems else 0
