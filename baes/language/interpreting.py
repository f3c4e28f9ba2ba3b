"""The seven stages in a row: text -> interpretation, with no model, no file and no clock."""

from __future__ import annotations

import re

from baes.language.explanation import Explanation
from baes.language.inventory import Inventory
from baes.language.layout import layout
from baes.language.ledger import account, unclear
from baes.language.reading import Reading, read_text
from baes.language.resolution import resolve
from baes.language.vocabulary import Vocabulary, vocabulary
from baes.spec.interpretation import Interpretation
from baes.spec.knowledge import Knowledge
from baes.spec.model import SystemSpec

__all__ = ["explain", "interpret"]

MAX_CHARACTERS = 100_000
_WORD = re.compile(r"[^\W\d_]+")


def interpret(
    text: str, spec: SystemSpec = SystemSpec(), knowledge: Knowledge = Knowledge()  # noqa: B008  both are immutable
) -> Interpretation:  # fmt: skip
    """What a request means to a system; a question where that is not certain.

    Args:
        text: The request as written, of any length.
        spec: The system that the request is about.
        knowledge: What the domain packs know of words.
    """
    return _interpret(text, spec, knowledge)[0]


def explain(
    text: str, spec: SystemSpec = SystemSpec(), knowledge: Knowledge = Knowledge()  # noqa: B008  both are immutable
) -> Explanation:  # fmt: skip
    """The same, with what every stage gave."""
    interpretation, readings = _interpret(text, spec, knowledge)
    nodes = (
        layout(text, vocabulary(interpretation.language).syntax)
        if len(text) <= MAX_CHARACTERS
        else ()
    )
    return Explanation(text, nodes, readings, interpretation)


def _interpret(
    text: str, spec: SystemSpec, knowledge: Knowledge
) -> tuple[Interpretation, tuple[Reading, ...]]:
    lexicon = vocabulary("en")
    if not any(char.isalpha() for char in text):
        return unclear(lexicon.question("empty"), text.strip(), lexicon), ()
    if len(text) > MAX_CHARACTERS:
        question = lexicon.question("too_long", size=len(text))
        return unclear(question, text, lexicon), ()
    if _is_foreign(text, lexicon):
        return unclear(lexicon.question("other_language"), text, lexicon), ()
    inventory = Inventory(spec, lexicon)
    readings = read_text(text, lexicon, inventory)
    facts = tuple(fact for reading in readings for fact in reading.facts)
    resolved = resolve(facts, inventory, knowledge, lexicon)
    return account(readings, resolved, bool(spec.entities), lexicon), readings


def _is_foreign(text: str, lexicon: Vocabulary) -> bool:
    """Whether small words of another language stand in the text: two, or one beside accents."""
    words = _WORD.findall(text.casefold())
    found = sum(word in lexicon.hints["foreign"] for word in words)
    accented = any(not word.isascii() for word in words)
    return found > 1 or (found == 1 and accented)
