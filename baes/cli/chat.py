"""A conversation: each line is a command of the chat, an answer, or a request.

A line that is a command as a whole ("undo", "status") is one; while a question is open, any other
line answers it; everything else is a request in plain language. So no request is ever lost to a
command: "undo the last order" is more than one word and goes to the interpreter.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

from baes.cli.chat_input import Lines
from baes.cli.output import say
from baes.cli.report_output import print_report
from baes.core.consents import Consents
from baes.core.context_store import Memory
from baes.core.enhanced_runtime_kernel import EnhancedRuntimeKernel, RequestReport, Serving
from baes.datafiles import load_toml
from baes.errors import NeedsAnswer

__all__ = ["Chat"]

_WORDS = "cli/data/chat_words.toml"


@dataclasses.dataclass(slots=True)
class Chat:
    """The conversation about one project."""

    project: Path
    kernel: EnhancedRuntimeKernel
    serving: Serving | None
    """Whether requests start the system or swap the running one."""
    current: Callable[[], Memory]
    """What the system is now."""
    language: str
    as_json: bool = False
    after_turn: Callable[[], None] = lambda: None
    """Called before each answer is printed."""
    _open: str | None = None
    """The request whose question waits for an answer."""

    def run(self, lines: Lines) -> None:
        """Talk until there are no more lines."""
        self._greet()
        while (line := lines.read(self._prompt())) is not None:
            words = line.strip()
            if words and not self._turn(words):
                break
        self._say("cli.chat.bye")

    def completions(self) -> Iterator[str]:
        """Commands and names that a line may be completed to."""
        for words in load_toml(_WORDS)[self.language].values():
            yield words[0]
        for entity in self.current().spec:
            yield entity.title
            yield from (attribute.title for attribute in entity.attributes)

    def _turn(self, line: str) -> bool:
        """Do what one line says; ``False``: the user leaves."""
        command, number = _command(line)
        match command:
            case "leave":
                return False
            case "help":
                self._say("cli.chat.help")
            case "cancel":
                self._say("cli.chat.cancelled" if self._open else "cli.chat.nothing_open")
                self._open = None
            case "undo":
                self._report(self.kernel.undo(number, consents=Consents()))
            case "":
                self._report(self._said(line))
            case _:
                self._run(command)
        return True

    def _said(self, line: str) -> RequestReport:
        if self._open is not None:
            return self.kernel.answer(self._open, line, consents=Consents(), serving=self.serving)
        return self.kernel.carry_out(line, consents=Consents(), serving=self.serving)

    def _report(self, report: RequestReport) -> None:
        self.after_turn()
        print_report(report, as_json=self.as_json)
        self.language = report.language
        self._open = report.request_id if isinstance(report.error, NeedsAnswer) else None

    def _run(self, command: str) -> None:
        from baes.cli.main import main  # the command line, which has brought us here

        arguments = [command, "--project", str(self.project)]
        main([*arguments, *(["--json"] if self.as_json else [])])

    def _greet(self) -> None:
        memory = self.current()
        if not memory.spec.entities:
            self._say("cli.chat.welcome")
            return
        names = tuple(entity.title for entity in memory.spec)
        self._say("cli.chat.welcome_back", names=names)

    def _prompt(self) -> str:
        return "? " if self._open else "> "

    def _say(self, key: str, **slots: object) -> None:
        if not self.as_json:
            say(self.language, key, **slots)


def _command(line: str) -> tuple[str, int | None]:
    """(the command that a line is as a whole, its number); no command: an empty word."""
    said = line.casefold().strip(" .!/")
    word, _, rest = said.partition(" ")
    number = int(rest) if rest.isascii() and rest.isdigit() else None
    for commands in load_toml(_WORDS).values():
        for command, words in commands.items():
            if said in words:
                return command, None
            if command == "undo" and number and word in words:
                return command, number
    return "", None
