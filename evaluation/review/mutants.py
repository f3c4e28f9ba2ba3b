"""The faulty artifacts: each mutator, on the good artifacts of a few systems."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from baes.spec.apply import apply, settled
from baes.spec.changes import AddAttribute, RemoveAttribute
from baes.spec.model import Attribute, SystemSpec
from baes.spec.pipeline import Artifact, GenerationContext
from baes.swea_agents.template_samples import sample_contexts
from evaluation.review.mutators import MUTATORS, Mutator
from evaluation.review.systems import RandomSystems, artifacts_of

__all__ = ["Base", "Mutant", "bases", "mutants"]

SEED = 20
RANDOM_SYSTEMS = 6


@dataclass(frozen=True, slots=True)
class Base:
    """A good system that faults are put into."""

    name: str
    context: GenerationContext
    artifacts: tuple[Artifact, ...]
    earlier: tuple[Artifact, ...] = ()
    """The revisions before."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One faulty artifact."""

    mutator: Mutator
    base: Base
    artifact: Artifact
    lines: frozenset[int]


def bases(random_systems: int = RANDOM_SYSTEMS) -> tuple[Base, ...]:
    """The sample systems, and some random ones with a change of each."""
    known = [Base(n, c, artifacts_of(c, everything=True)) for n, c in sample_contexts().items()]
    known.append(_changed(known[0], _removing(known[0].context.new)))
    chance = itertools.islice(RandomSystems(SEED).contexts(), random_systems)
    for number, context in enumerate(chance):
        if context.old.version:
            known.append(_changed(known[-1], context))
        else:
            made = artifacts_of(context, everything=True)
            known.append(Base(f"random {number}", context, made))
    return tuple(known)


def _changed(before: Base, context: GenerationContext) -> Base:
    earlier = tuple(a for a in before.artifacts if a.kind == "migration")
    made = artifacts_of(context, everything=True)
    return Base(f"{before.name} changed", context, made, earlier)


def _removing(spec: SystemSpec) -> GenerationContext:
    """A change that drops a column, for faults of revisions."""
    entity = spec.entities[0]
    more = AddAttribute(entity.name, Attribute("level", "integer", required=False))
    changes = settled(spec, (RemoveAttribute(entity.name, entity.attributes[0].name), more))
    return GenerationContext(spec, changes, apply(spec, changes))


def mutants(of: tuple[Base, ...], each: int) -> Iterator[Mutant]:
    """Up to ``each`` of a kind, spread over the artifacts that it can be made in."""
    for mutator in MUTATORS:
        ways = [
            iter(_of_artifact(mutator, base, artifact))
            for base in of
            for artifact in base.artifacts
            if artifact.kind in mutator.kinds
        ]
        yield from itertools.islice(_in_turn(ways), each)


def _of_artifact(mutator: Mutator, base: Base, artifact: Artifact) -> Iterator[Mutant]:
    for fault in mutator.make(artifact.content):
        changed = dataclasses.replace(artifact, content=fault.content)
        yield Mutant(mutator, base, changed, fault.lines)


def _in_turn(ways: list[Iterator[Mutant]]) -> Iterator[Mutant]:
    """The first of each, then the second of each, and so on."""
    while ways:
        left = []
        for way in ways:
            found = next(way, None)
            if found is not None:
                yield found
                left.append(way)
        ways = left
