"""Entry of the command: picks the subcommand, and turns errors into output and exit status."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from baes import __version__
from baes.cli.commands import COMMANDS, load
from baes.cli.output import print_error, print_json
from baes.errors import BaesError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; gives the exit status (0 done, 1 failed, 2 usage, 3 question)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options = _parser(given).parse_args(given)
    except SystemExit as exc:  # argparse has printed help or its complaint
        return int(exc.code or 0)
    command = load(options.command)
    gc.freeze()
    gc.enable()
    try:
        return command.run(options)
    except BaesError as exc:
        print_error(exc, as_json=options.json)
        return exc.exit_status
    except BrokenPipeError:
        # The reader of our output has left; keep Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as exc:  # a fault of BAES: the user gets a sentence, the log the traceback
        _log_internal_error(options.project)
        print_error(_internal_error(exc, options.project), as_json=options.json)
        return 1
    except KeyboardInterrupt:
        if options.json:
            print_json({"success": False, "error": "INTERRUPTED", "message": "Interrupted."})
        print("interrupted; a change that was not committed is not made", file=sys.stderr)  # noqa: T201
        return 130


def _log_internal_error(project: Path) -> None:
    from baes.cli.logs import log_to_project  # logging takes a tenth of a short command's time

    log_to_project(project).exception("internal error")


def _internal_error(exc: Exception, project: Path) -> BaesError:
    return BaesError(
        "a fault in BAES itself ended the command",
        f"{type(exc).__name__}: {exc}",
        f"report it with the last lines of {project / 'logs' / 'baes.jsonl'}",
    )


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    """The parser; only the subcommand that is called is imported (for help, all are)."""
    parser = argparse.ArgumentParser(
        prog="baes",
        description="Turns what you write into a running information system, and evolves it.",
        epilog='Try: baes request "Create a system to manage books with title and author" --serve',
    )
    parser.add_argument("--version", action="version", version=f"baes {__version__}")
    chosen = next((word for word in given if not word.startswith("-")), "")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, summary in COMMANDS.items():
        sub = subparsers.add_parser(name, help=summary, description=summary.capitalize() + ".")
        if name == chosen:
            load(name).add_arguments(sub)
            _add_common(sub)
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--project",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="folder of the managed system and all that is remembered of it (default: here)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")
