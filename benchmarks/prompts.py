"""What a custom fragment costs in its prompt, counted by a real model where one is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from baes.core.custom_writer import custom_prompt
from baes.core.entity_recognizer import EntityRecognizer
from baes.llm.prompting import prompt_text
from baes.spec.apply import apply
from baes.spec.model import SystemSpec
from baes.standards.compressed_standards import compressed_standards, full_standards
from baes.swea_agents.custom_code import concerned_entities, custom_name, entity_outline
from benchmarks.figure import Figure
from tests.small_model import KEY, MODEL, is_installed, small_model

__all__ = ["figures"]

FRAGMENTS = (
    "Notify the teacher by email of each large course",
    "Send every new teacher to the payroll webhook",
)
REQUEST = (
    "Create a system with students (name, unique email, birth date), courses (title, credits "
    "between 1 and 12, capacity integer) and teachers (name, email, hired date). "
    "Each course has one teacher. Students enroll in many courses. "
) + ". ".join(FRAGMENTS)
CHARACTERS_A_TOKEN = 4

Count = Callable[[str, str], int]


def figures() -> list[Figure]:
    """The tokens of a fragment's prompt, and the share that is saved."""
    read = EntityRecognizer.in_memory(remembers=False).recognize(REQUEST, SystemSpec())
    spec = apply(SystemSpec(), read.all_changes())
    text = prompt_text("custom_code")
    standards = compressed_standards("BackendSWEA").text
    with _counter() as (count, how):
        short, full = [], []
        for fragment in FRAGMENTS:
            entities = concerned_entities(spec, fragment, [e.name for e in spec])
            prompt = custom_prompt(
                text, spec, entities, fragment, custom_name(fragment), standards=standards
            )
            short.append(count(prompt.system, prompt.user))
            wordy = prompt.system.replace(
                standards,
                full_standards("BackendSWEA").text + "\n" + full_standards("TestSWEA").text,
            )
            every = "\n".join(entity_outline(spec, entity) for entity in spec)
            whole = f"{REQUEST}\n{every}\n{prompt.user}"
            full.append(count(wordy, whole))
    return [
        Figure(f"prompt of a custom fragment, {how}", max(short), "tokens", 1_500),
        Figure("the same with the full standards, all entities, the request", max(full), "tokens"),
        Figure("saved", 100 * (1 - sum(short) / sum(full)), "%", 60, at_least=True),
    ]


@contextmanager
def _counter() -> Iterator[tuple[Count, str]]:
    """(a count of tokens, how it is made)."""
    if not is_installed():
        yield lambda system, user: len(system + user) // CHARACTERS_A_TOKEN, "characters / 4"
        return
    import openai

    with small_model() as url, openai.OpenAI(base_url=url, api_key=KEY) as client:

        def count(system: str, user: str) -> int:
            answer = client.chat.completions.create(
                model=MODEL,
                max_tokens=1,
                messages=[
                    {"role": "system", "content": system},
                    {"role": "user", "content": user},
                ],
            )
            assert answer.usage is not None
            return answer.usage.prompt_tokens

        yield count, f"counted by {MODEL}"
