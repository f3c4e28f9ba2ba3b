"""Entry of the command: picks the subcommand, and turns errors into output and exit status."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from baes import __version__
from baes.cli.commands import COMMANDS, load
from baes.cli.output import print_error, print_json
from baes.cli.parser import Parser, speak
from baes.errors import BaesError
from baes.texts import locale_language, text

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; gives the exit status (0 done, 1 failed, 2 usage, 3 question)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    language = locale_language(os.environ)
    speak(language)
    try:
        options = _parser(given, language).parse_args(given)
    except SystemExit as exc:  # argparse has printed help or its complaint
        return int(exc.code or 0)
    options.language = language
    try:
        options.language = _language(options.project)
        command = load(options.command)
        gc.freeze()
        gc.enable()
        return command.run(options)
    except BaesError as exc:
        print_error(exc, options.language, as_json=options.json)
        return exc.exit_status
    except BrokenPipeError:
        # The reader of our output has left; keep Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as exc:  # a fault of BAES: the user gets a sentence, the log the traceback
        _log_internal_error(options.project)
        error = _internal_error(exc, options.project)
        print_error(error, options.language, as_json=options.json)
        return 1
    except KeyboardInterrupt:
        if options.json:
            message = text(options.language, "cli.interrupted.json")
            print_json({"success": False, "error": "INTERRUPTED", "message": message})
        print(text(options.language, "cli.interrupted.text"), file=sys.stderr)  # noqa: T201
        return 130


def _language(project: Path) -> str:
    from baes.core.project_language import project_language  # help needs no project

    return project_language(project, os.environ)


def _log_internal_error(project: Path) -> None:
    from baes.cli.logs import log_to_project  # logging takes a tenth of a short command's time

    log_to_project(project).exception("internal error")


def _internal_error(exc: Exception, project: Path) -> BaesError:
    log = project / "logs" / "baes.jsonl"
    return BaesError.of("cli.error.internal", cause=f"{type(exc).__name__}: {exc}", log=log)


def _parser(given: Sequence[str], language: str) -> Parser:
    """The parser; only the subcommand that is called is imported (for help, all are)."""
    parser = Parser(
        language=language,
        prog="baes",
        description=text(language, "cli.help.description"),
        epilog=text(language, "cli.help.epilog"),
    )
    parser.add_argument("--version", action="version", version=f"baes {__version__}")
    metavar = text(language, "cli.metavar.COMMAND")
    subparsers = parser.add_subparsers(dest="command", metavar=metavar, required=True)
    chosen = next((word for word in given if not word.startswith("-")), "")
    for name in COMMANDS:
        summary = text(language, f"cli.command.{name}")
        description = f"{summary[0].upper()}{summary[1:]}."
        sub = subparsers.add_parser(
            name, help=summary, description=description, language=language, command=name
        )
        if name == chosen:
            load(name).add_arguments(sub)
            sub.add_argument("--project", type=Path, default=Path(), metavar="DIR")
            sub.add_argument("--json", action="store_true")
    return parser
