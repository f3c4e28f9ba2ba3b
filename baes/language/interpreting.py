"""The seven stages in a row: text -> interpretation, with no model, no file and no clock."""

from __future__ import annotations

from dataclasses import replace

from baes.language.explanation import Explanation
from baes.language.identification import LANGUAGES, MIXED, OTHER, identified_language
from baes.language.inventory import Inventory
from baes.language.layout import layout
from baes.language.ledger import account, unclear
from baes.language.listings import Told, told
from baes.language.mending import mended
from baes.language.reading import Reading, read_text
from baes.language.resolution import Resolved, resolve
from baes.language.tokens import unclear_number
from baes.language.vocabulary import Vocabulary, vocabulary
from baes.spec.interpretation import Interpretation, Question
from baes.spec.knowledge import Knowledge
from baes.spec.model import SystemSpec

__all__ = ["explain", "interpret"]

MAX_CHARACTERS = 100_000


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
    if len(text) > MAX_CHARACTERS:
        return Explanation(text, (), readings, interpretation)
    lexicon = vocabulary(interpretation.language)
    plain = told(text, lexicon).text
    return Explanation(plain, layout(plain, lexicon.syntax), readings, interpretation)


def _interpret(
    text: str, spec: SystemSpec, knowledge: Knowledge
) -> tuple[Interpretation, tuple[Reading, ...]]:
    language = identified_language(text, _fallback(spec))
    lexicon = vocabulary(language if language in LANGUAGES else _fallback(spec))
    question = _question_first(text, language, lexicon)
    if question is not None:
        return question, ()
    inventory = Inventory(spec, lexicon)
    names = frozenset(word for key in inventory.entities for word in key.split("_"))
    first = mended(text, lexicon, names, everything=False)
    found = _read(first.text, inventory, knowledge, lexicon)
    slips = first.slips
    if not found[0].is_certain:
        again = mended(text, lexicon, names, everything=True)
        retried = _read(again.text, inventory, knowledge, lexicon) if again.slips else found
        if retried[0].is_certain:
            found, slips = retried, again.slips
        else:
            found = _narrowed(first.text, found, inventory, knowledge, lexicon)
    return _with_slips(found[0], slips, lexicon), found[1]


def _with_slips(
    interpretation: Interpretation, slips: tuple[tuple[str, str], ...], lexicon: Vocabulary
) -> Interpretation:
    """The same, with a word on what was taken for a slip of the pen."""
    if not slips:
        return interpretation
    told_of = (lexicon.assumption("slip", written=written, meant=meant) for written, meant in slips)
    return replace(interpretation, assumptions=(*interpretation.assumptions, *told_of))


def _read(
    text: str, inventory: Inventory, knowledge: Knowledge, lexicon: Vocabulary
) -> tuple[Interpretation, tuple[Reading, ...]]:
    plain = told(text, lexicon)
    readings = read_text(plain.text, lexicon, inventory)
    facts = tuple(fact for reading in readings for fact in reading.facts)
    resolved = _with_examples(resolve(facts, inventory, knowledge, lexicon), plain, lexicon)
    return account(readings, resolved, not inventory.is_empty, lexicon), readings


def _narrowed(
    text: str,
    found: tuple[Interpretation, tuple[Reading, ...]],
    inventory: Inventory,
    knowledge: Knowledge,
    lexicon: Vocabulary,
) -> tuple[Interpretation, tuple[Reading, ...]]:
    """The same, where that is possible with a question about less than a whole sentence."""
    from baes.language.narrowing import left_over_part  # what is understood needs none of it

    def read(shorter: str) -> Interpretation:
        return _read(shorter, inventory, knowledge, lexicon)[0]

    interpretation, readings = found
    if not interpretation.unexplained:
        return found
    part = left_over_part(told(text, lexicon).text, readings, read)
    if not part:
        return found
    question = Question(lexicon.question("unexplained", fragment=part[:120]))
    return replace(interpretation, question=question), readings


def _with_examples(resolved: Resolved, plain: Told, lexicon: Vocabulary) -> Resolved:
    """The same, with a word on the rows of a table that nobody asked to store."""
    if not plain.rows or not resolved.entities:
        return resolved
    told_of = lexicon.assumption("sample_rows", count=plain.rows)
    return replace(resolved, assumptions=(*resolved.assumptions, told_of))


def _fallback(spec: SystemSpec) -> str:
    return spec.language if spec.entities and spec.language in LANGUAGES else "en"


def _question_first(text: str, language: str, lexicon: Vocabulary) -> Interpretation | None:
    """What must be asked before a request can be read at all."""
    if not any(char.isalpha() for char in text):
        return unclear(lexicon.question("empty"), text.strip(), lexicon)
    if len(text) > MAX_CHARACTERS:
        return unclear(lexicon.question("too_long", size=len(text)), text, lexicon)
    if language in (OTHER, MIXED):
        key = "other_language" if language == OTHER else "mixed_languages"
        return unclear(lexicon.question(key), text, lexicon)
    number = unclear_number(text, lexicon.syntax)
    if number:
        choices = number.replace(".", ""), number.replace(".", ",")
        slots = dict(zip(("thousands", "decimal"), choices, strict=True))
        return unclear(lexicon.question("which_number", number=number, **slots), number, lexicon)
    return None
