"""A command line's parser that speaks the user's language: its help texts come from the catalogue.

A subcommand declares an option without a word of help; the text is looked up by the command's and
the option's name.
"""

from __future__ import annotations

import argparse
from typing import Any

from baes.datafiles import load_toml
from baes.texts import DEFAULT_LANGUAGE, catalogue

__all__ = ["Parser", "speak"]


class Parser(argparse.ArgumentParser):
    """A parser of one command.

    Args:
        language: What its help and its complaints are written in.
        command: The subcommand; empty for ``baes`` itself.
        **settings: As for ``argparse.ArgumentParser``.
    """

    def __init__(self, *, language: str, command: str = "", **settings: Any) -> None:
        super().__init__(**settings, add_help=False)
        self.language = language
        self._command = command
        self.add_argument("-h", "--help", action="help", default=argparse.SUPPRESS)

    def add_argument(self, *names: Any, **settings: Any) -> argparse.Action:
        """Declare an argument, as ``argparse`` does, with its help from the catalogue."""
        if "metavar" in settings:
            metavars = catalogue("cli", self.language)["metavar"]
            settings["metavar"] = metavars.get(settings["metavar"], settings["metavar"])
        action = super().add_argument(*names, **settings)
        texts = catalogue("cli", self.language)["help"]
        action.help = texts.get(self._command, {}).get(action.dest) or texts["common"].get(
            action.dest, action.help
        )
        return action


def speak(language: str) -> None:
    """Have ``argparse`` use its own words in a language from now on.

    It takes them through its ``_``; a catalogue of ``gettext``'s would have to be compiled, and
    would not know what ``BAES_LANGUAGE`` says.
    """
    if language == DEFAULT_LANGUAGE:
        return
    words = load_toml(f"cli/argparse_words/{language}.toml")
    setattr(argparse, "_", lambda message: words.get(message, message))  # noqa: B010  not exported
