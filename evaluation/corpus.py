"""The corpora: JSON lines of requests, each with what it must be taken for.

A case is ``{"id", "lang", "text", "context", "expect", "tags"}``; how ``expect`` is read is told in
`evaluation.match`. The cases of one file belong together: ``dev-en`` and ``dev-pt`` are mixed
requests in two languages, ``own-en-creates`` is what people write to begin, ``own-en-changes`` what
they write later, ``own-en-hard`` is what must come back as a question or go to a language model,
``own-en-rules`` and ``own-pt-rules`` are business rules, said, changed and taken away.

The cases of ``own-en-strangers`` were written before anybody looked at what is made of them, in
styles that the others lack: 1 to 45 before the grammar of their styles was there (first run: 11 of
45 exact, 6 wrong; Portuguese 13 of 44, 5 wrong), the rest after it (17 of 30 exact, 3 wrong; 20 of
29, 3 wrong).

The cases of ``own-en-newcomers`` and ``own-pt-newcomers`` are what somebody types who tries this
for the first time: creates, changes and wishes that need more. They too were written before they
were tried (first run: 107 of 163 exact, 12 wrong; Portuguese 58 of 88, 5 wrong). Of those that were
read at once the expectation was made from the answer, which was read and judged; those of which two
readings are as good were left out. Those tagged ``probe`` came later, in the same way (first run:
71 of 99 read at once, 4 of them wrongly).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["CORPORA", "Case", "Corpus", "load_corpora", "load_corpus"]

CORPORA = Path(__file__).parent / "corpora"

Case = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Corpus:
    """One file of cases."""

    path: Path
    cases: tuple[Case, ...]
    """In the order of the file."""

    @property
    def name(self) -> str:
        """What the file is called, without its ending."""
        return self.path.stem

    def only(self, tag: str) -> Corpus:
        """The cases with a tag."""
        return Corpus(self.path, tuple(case for case in self.cases if tag in case["tags"]))


def load_corpus(path: Path) -> Corpus:
    """Read one file of JSON lines."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return Corpus(path, tuple(json.loads(line) for line in lines if line.strip()))


def load_corpora(folder: Path = CORPORA) -> tuple[Corpus, ...]:
    """Read every corpus of a folder, by name."""
    return tuple(load_corpus(path) for path in sorted(folder.glob("*.jsonl")))
