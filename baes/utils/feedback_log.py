"""What reviews found, kept as CSV for analysis: ``logs/feedback.csv``."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from baes.spec.pipeline import Artifact, Finding

__all__ = ["COLUMNS", "FeedbackLog"]

LAST_REVIEWS = 20
"""So many of the last ones tell how good an agent's code is of late."""
FEWEST_REVIEWS = 5
TAIL_BYTES = 64 * 1024
COLUMNS = ("agent", "artifact", "rule", "line", "outcome", "attempt", "decision", "reason")


@dataclass(frozen=True, slots=True)
class FeedbackLog:
    """A CSV file to which findings are added, one a line."""

    path: Path

    @classmethod
    def of_logs(cls, folder: Path) -> FeedbackLog:
        """The file in a project's folder of logs."""
        return cls(folder / "feedback.csv")

    def add(
        self, artifact: Artifact, findings: Iterable[Finding], decision: str, attempt: int
    ) -> None:
        """Write down what was found in an artifact, and what was decided.

        An artifact without findings is a line as well, so that shares can be counted.

        Raises:
            OSError: The file can't be written.
        """
        rows = [
            (artifact.agent, artifact.path, f.rule, f.line, f.outcome, attempt, decision, f.reason)
            for f in findings
        ] or [(artifact.agent, artifact.path, "", 0, "confident_approval", attempt, decision, "")]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        head = [] if self.path.exists() else [COLUMNS]
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([*head, *rows])
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(handle, text.getvalue().encode("utf-8", "backslashreplace"))
        finally:
            os.close(handle)

    def approval_rate(self, agent: str) -> float | None:
        """The share of the last reviews of an agent's code that did not ask for it anew.

        ``None`` where fewer than five are known.

        Raises:
            OSError: The file can't be read.
        """
        if not self.path.exists():
            return None
        with self.path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - TAIL_BYTES))
            text = file.read().decode("utf-8", "replace")
        rows = [dict(zip(COLUMNS, row, strict=False)) for row in csv.reader(io.StringIO(text))]
        own = (row for row in rows if row.get("agent") == agent)
        # The findings of one review stand together, each with what was decided about all of them.
        reviews = groupby(own, key=lambda row: (row["artifact"], row["attempt"]))
        decided = [next(found)["decision"] for _, found in reviews][-LAST_REVIEWS:]
        if len(decided) < FEWEST_REVIEWS:
            return None
        return sum(decision != "regenerate" for decision in decided) / len(decided)
