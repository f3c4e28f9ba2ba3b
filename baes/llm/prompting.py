"""Prompts are data: a file each, with slots."""

from __future__ import annotations

from dataclasses import dataclass

from baes.datafiles import load_toml

__all__ = ["PromptText", "prompt_text"]


@dataclass(frozen=True, slots=True)
class PromptText:
    """The texts of one kind of question."""

    system: str
    user: str
    max_answer_tokens: int
    faults: str = ""
    """What is said of an answer that was refused."""

    def filled(self, **slots: str) -> tuple[str, str]:
        """(system, user) with their slots filled; braces that are no slot stay."""
        return _filled(self.system, slots), _filled(self.user, slots)


def prompt_text(name: str) -> PromptText:
    """The texts of a kind of question."""
    return PromptText(**load_toml(f"llm/prompts/{name}.toml"))


def _filled(text: str, slots: dict[str, str]) -> str:
    for name, value in slots.items():
        text = text.replace(f"{{{name}}}", value)
    return text.strip()
