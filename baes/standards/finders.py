"""The register of finders: the checks that a rule's data can name.

A finder gives the places in a piece of code that have one fault or property; the rule that names it
says whether that is wanted. Its parameters come from the rule's data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from baes.standards.artifact_code import Code, Language, Match

__all__ = ["FINDERS", "Finder", "FinderOptions", "finder", "options_of"]

FinderOptions = Mapping[str, tuple[str, ...]]
Finder = Callable[[Code, FinderOptions], Iterator[Match]]

FINDERS: dict[str, tuple[Language, Finder]] = {}
"""Name -> the language that it reads, and itself."""

_OPTIONS: dict[str, frozenset[str]] = {}


def finder(language: Language, *options: str) -> Callable[[Finder], Finder]:
    """Registers a function under its own name, with the options that it takes."""

    def register(function: Finder) -> Finder:
        FINDERS[function.__name__] = (language, function)
        _OPTIONS[function.__name__] = frozenset(options)
        return function

    return register


def options_of(name: str) -> frozenset[str]:
    """The options that a finder takes."""
    return _OPTIONS[name]
