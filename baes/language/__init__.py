"""Understanding requests without a language model: text -> ``Interpretation``.

Seven small stages (layout, tokens, tags, phrases, frames, resolution, ledger), each with its words
in the data files of a language. What is not wholly understood is never taken as if it were.
"""

from __future__ import annotations

from baes.language.explanation import Explanation
from baes.language.interpreting import explain, interpret

__all__ = ["Explanation", "explain", "interpret"]
