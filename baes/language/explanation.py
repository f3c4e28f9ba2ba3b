"""What each stage gave, for people who want to know why a request was read as it was."""

from __future__ import annotations

from dataclasses import dataclass

from baes.language.facts import Fact
from baes.language.layout import Node
from baes.language.reading import Reading
from baes.spec.changes import AddRule
from baes.spec.interpretation import Interpretation

__all__ = ["Explanation"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The printable results of all stages of one interpretation."""

    text: str
    nodes: tuple[Node, ...]
    readings: tuple[Reading, ...]
    interpretation: Interpretation

    def render(self) -> str:
        """The stages as text, one after the other."""
        lines = ["layout"]
        for node in self.nodes:
            lines += _node_lines(self.text, node, 1)
        lines.append("clauses")
        for reading in self.readings:
            lines += _reading_lines(reading)
        lines.append("result")
        lines += _result_lines(self.interpretation)
        return "\n".join(lines)


def _node_lines(text: str, node: Node, depth: int) -> list[str]:
    mark = "- " if node.bullet else ""
    lines = [f"{'  ' * depth}{mark}{text[node.start : node.end]}"]
    for child in node.children:
        lines += _node_lines(text, child, depth + 1)
    return lines


def _reading_lines(reading: Reading) -> list[str]:
    lines = [f"  {reading.frame or 'not understood'}: {reading.text}"]
    for word in reading.words:
        if word.token.kind != "line":
            tags = ", ".join(sorted(word.hits)) or "name"
            lines.append(f"      {word.token.text:<20} {tags}")
    lines += [f"    gives {_fact_line(fact)}" for fact in reading.facts]
    return lines


def _fact_line(fact: Fact) -> str:
    parts = [type(fact).__name__]
    for name in fact.__dataclass_fields__:
        value = getattr(fact, name)
        if name == "items":
            parts += [f"{item.noun.text} {dict(item.said) or ''}".strip() for item in value]
        elif value not in ("", None, (), False):
            parts.append(f"{name}={getattr(value, 'text', value)}")
    return " | ".join(parts)


def _result_lines(interpretation: Interpretation) -> list[str]:
    lines = [f"  {interpretation.action}, confidence {interpretation.confidence}"]
    for kind in ("background", "assumptions", "custom", "unexplained"):
        lines += [f"  {kind}: {text}" for text in getattr(interpretation, kind)]
    added = (c.rule for c in interpretation.changes if isinstance(c, AddRule))
    lines += [f"  rule: {rule}" for rule in (*interpretation.rules, *added)]
    if interpretation.question is not None:
        lines.append(f"  question: {interpretation.question.text}")
    return lines
