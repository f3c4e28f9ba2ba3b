"""``make calibrate``: how the review judges good artifacts and faulty ones, a rule each.

Good artifacts are those of random systems, and of changes of them. Faulty ones are good ones with
one fault, of many kinds, some of which no rule was written for. With ``--layers`` what rules and
whole-system checks let pass is put into its system, whose generated tests must stop it.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from baes.core.code_repair import CodeRepair, Repaired
from baes.spec.pipeline import Artifact, Finding, Outcome, Verdict
from baes.swea_agents.system_checks import disagreements
from baes.swea_agents.techlead_swea import TechLeadSWEA
from evaluation.review.layers import passes, stopped_by_tests
from evaluation.review.mutants import bases, mutants
from evaluation.review.scoring import Scored, reviews_of, rule_scores, scored
from evaluation.review.systems import RandomSystems, artifacts_of

__all__ = ["main"]

GOOD = 500
EACH = 6
SEED = 7
GOAL_RIGHT = 0.85
GOAL_MENDED = 0.9


def main() -> int:
    """Print the tables; the status is 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description="Calibrate the review.")
    parser.add_argument("--good", type=int, default=GOOD, help="good artifacts, at least")
    parser.add_argument("--each", type=int, default=EACH, help="mutants of a kind, at most")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--layers", action="store_true", help="run the generated tests as well")
    options = parser.parse_args()

    good, disagreeing = _good(options.seed, options.good)
    faulty = scored(tuple(mutants(bases(), options.each)))
    _print_rules(good, faulty)
    fine = _print_good(good, disagreeing)
    fine &= _print_faulty(faulty)
    mended = _mended(faulty)
    fine &= _print_patches(mended)
    if options.layers:
        fine &= _print_layers(faulty)
        fine &= _print_patched_systems(mended)
    return 0 if fine else 1


def _good(
    seed: int, count: int
) -> tuple[list[tuple[Artifact, Verdict]], list[tuple[str, Finding]]]:
    reviewed: list[tuple[Artifact, Verdict]] = []
    found: list[tuple[str, Finding]] = []
    for context in RandomSystems(seed).contexts():
        artifacts = artifacts_of(context)
        reviewed += zip(artifacts, reviews_of(artifacts), strict=True)
        found += disagreements(context.new, {a.path: a for a in artifacts})
        if len(reviewed) >= count:
            break
    return reviewed, found


def _print_rules(good: Sequence[tuple[Artifact, Verdict]], faulty: Sequence[Scored]) -> None:
    print(f"{'':<24}{'good artifacts':^30}{'made to break it':^30}")
    columns = ("approved", "rejected", "unsure", "rejected", "approved", "unsure")
    print(f"{'rule':<24}" + "".join(f"{name:>10}" for name in columns))
    yes, no, unsure = _OUTCOMES
    for rule, score in sorted(rule_scores(good, faulty).items()):
        figures = [score.good[o] for o in (yes, no, unsure)]
        figures += [score.faulty[o] for o in (no, yes, unsure)]
        print(f"{rule:<24}" + "".join(f"{figure:>10}" for figure in figures))


_OUTCOMES: tuple[Outcome, Outcome, Outcome] = (
    "confident_approval",
    "confident_rejection",
    "uncertain",
)


def _print_good(
    good: Sequence[tuple[Artifact, Verdict]], disagreeing: Sequence[tuple[str, Finding]]
) -> bool:
    outcomes = Counter(verdict.outcome for _, verdict in good)
    approved = outcomes["confident_approval"]
    print(f"\ngood artifacts: {approved} of {len(good)} confidently approved")
    for artifact, verdict in good:
        if verdict.outcome != "confident_approval":
            print(f"  {artifact.path}: {_shown(verdict.findings)}")
    for path, finding in disagreeing:
        print(f"  {path}: {finding.reason} (whole system)")
    return approved == len(good) and not disagreeing


def _print_faulty(faulty: Sequence[Scored]) -> bool:
    right = sum(each.is_right for each in faulty)
    kinds = {each.mutant.mutator.name for each in faulty}
    share = right / len(faulty)
    print(f"\nfaulty artifacts: {len(faulty)} of {len(kinds)} kinds")
    print(f"  by the rules alone: {right} rejected at the right line ({share:.1%})")
    for name, members in _by_kind(each for each in faulty if not each.is_right):
        rule = members[0].mutant.mutator.rule or "no rule"
        said = Counter(_how(each) for each in members)
        print(f"    {name} ({rule}): " + ", ".join(f"{n} {how}" for how, n in said.items()))
    stopped = sum(each.is_stopped for each in faulty)
    print(f"  by rules and whole-system checks: {stopped} of {len(faulty)} stopped")
    return share >= GOAL_RIGHT


def _how(each: Scored) -> str:
    if each.verdict.outcome == "confident_rejection":
        return "rejected at another line"
    return "undecided" if each.verdict.outcome == "uncertain" else "approved"


def _mended(faulty: Sequence[Scored]) -> list[tuple[Scored, Repaired]]:
    repair = CodeRepair(TechLeadSWEA(), trust_comments=True)
    patchable = [each for each in faulty if each.mutant.mutator.patchable]
    return [(each, repair.repaired([each.mutant.artifact])[0]) for each in patchable]


def _print_patches(mended: Sequence[tuple[Scored, Repaired]]) -> bool:
    done = [found for _, found in mended if found.decision == "patch" and found.is_approved]
    share = len(done) / len(mended)
    saved = sum(found.tokens_saved for found in done)
    print(f"\npatchable faults: {len(done)} of {len(mended)} mended and approved ({share:.1%})")
    print(f"  tokens: 0, where writing the files anew had cost about {saved:,}")
    left = Counter(e.mutant.mutator.name for e, found in mended if found not in done)
    for name, count in sorted(left.items()):
        print(f"    {name}: {count} to be written anew")
    return share >= GOAL_MENDED


def _print_patched_systems(mended: Sequence[tuple[Scored, Repaired]]) -> bool:
    """Run the generated tests with the first mended file of each kind."""
    first: dict[str, tuple[Scored, Repaired]] = {}
    for each, found in mended:
        if found.decision == "patch" and found.is_approved:
            first.setdefault(each.mutant.mutator.name, (each, found))
    broken = [
        name
        for name, (each, found) in first.items()
        if not passes(each.mutant.base, found.artifact)
    ]
    print(f"  generated tests with a mended file: {len(first) - len(broken)} of {len(first)} pass")
    for name in broken:
        print(f"    {name}: they fail")
    return not broken


def _print_layers(faulty: Sequence[Scored]) -> bool:
    left = [each for each in faulty if not each.is_stopped]
    broken = [b.name for b in {e.mutant.base.name: e.mutant.base for e in left}.values()
              if not passes(b)]  # fmt: skip
    survivors = [each for each in left if not stopped_by_tests(each.mutant)]
    harmful = [each for each in survivors if each.mutant.mutator.harmful]
    total = sum(each.mutant.mutator.harmful for each in faulty)
    print(f"  by all layers: {total - len(harmful)} of {total} harmful ones stopped")
    for name in broken:
        print(f"    the tests of {name} fail without any fault")
    for name, members in _by_kind(survivors):
        for each in members:
            print(f"    {name}: {each.mutant.artifact.path} of {each.mutant.base.name} survives")
    return not harmful and not broken


def _by_kind(faulty: Iterator[Scored] | Sequence[Scored]) -> Iterator[tuple[str, list[Scored]]]:
    ordered = sorted(faulty, key=lambda each: each.mutant.mutator.name)
    for name, members in itertools.groupby(ordered, key=lambda each: each.mutant.mutator.name):
        yield name, list(members)


def _shown(findings: Sequence[Finding]) -> str:
    return "; ".join(f"line {f.line}: {f.reason} ({f.rule})" for f in findings[:3])


if __name__ == "__main__":
    sys.exit(main())
