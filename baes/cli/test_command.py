"""``baes test``: the managed system's own tests."""

from __future__ import annotations

import argparse
import subprocess
import sys

from baes.cli.output import print_json
from baes.cli.parser import Parser
from baes.core.project_paths import ProjectPaths
from baes.errors import RequestFailed

__all__ = ["add_arguments", "run"]


def add_arguments(parser: Parser) -> None:
    """Declare the arguments."""


def run(options: argparse.Namespace) -> int:
    """Run pytest in the managed system's folder; its output goes to standard error with --json."""
    folder = ProjectPaths(options.project).managed_system
    if not (folder / "tests").is_dir():
        raise RequestFailed.of("cli.error.no_tests", folder=options.project)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    result = subprocess.run(
        command, cwd=folder, check=False, stdout=sys.stderr if options.json else None
    )
    if options.json:
        print_json({"success": result.returncode == 0, "exit_status": result.returncode})
    return 0 if result.returncode == 0 else 1
