"""Our judge beside the customary gradient checkers, on one corpus of right and wrong code.

    python benchmarks/judges.py [--seeds 20] [--no-mutants] [--no-others] [--findings FILE]

The others want an environment of their own: python -m venv bench; bench/bin/pip install -r benchmarks/requirements.txt;
bench/bin/python benchmarks/judges.py. One that is missing is said loudly. chainer, TensorFlow, Theano and autograd are asked
by their criterion and defaults, written here; SciPy, torch and JAX by their own code.
Right and wrong are known from the corpus's authors, and for the mutants from a long-double oracle.
"""

import argparse
import json
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from corpus.variants import Variant, exercises, right_variants, solution, wrong_variants  # noqa: E402
from mutants import mutants  # noqa: E402
from oracle import is_right  # noqa: E402

from autograder.diagnosis.assess import Judgement, assess  # noqa: E402
from autograder.exercises import EXERCISES  # noqa: E402
from autograder.feedback.words import check_name  # noqa: E402
from autograder.misconceptions.catalogue import code_order  # noqa: E402
from autograder.sandbox.calls import LocalCaller  # noqa: E402

# what can be put into a recipe and asked as one gradient
ASSEMBLED = ("output_delta", "hidden_delta", "all_deltas", "layer_gradients", "backprop", "l2_backprop")
NETS = [
    (hidden, output)
    for hidden in ("sigmoid", "tanh", "relu")
    for output in ("identity", "sigmoid", "softmax")
]


@dataclass
class Tally:
    """What one judge did over the corpus."""

    wrong: int = 0
    false_accepts: int = 0
    right: int = 0
    false_rejects: int = 0
    seconds: float = 0.0
    findings: Counter[str] = field(default_factory=Counter)
    examples: dict[str, Variant] = field(default_factory=dict)

    def add(self, variant: Variant, accepted: bool, seconds: float, why: str = "") -> None:
        self.seconds += seconds
        if variant.right:
            self.right += 1
            self.false_rejects += not accepted
        else:
            self.wrong += 1
            self.false_accepts += accepted
        if accepted != variant.right:
            self.find(f"{'FALSE ACCEPT' if accepted else 'FALSE REJECT'}: {variant.name}{why}", variant)

    def find(self, words: str, variant: Variant) -> None:
        self.findings[words] += 1
        self.examples.setdefault(words, variant)

    def row(self, name: str) -> str:
        calls = max(self.wrong + self.right, 1)
        wrong = f"{self.false_accepts:6d} / {self.wrong:6d}  {100 * self.false_accepts / max(self.wrong, 1):5.1f} %"
        right = f"{self.false_rejects:6d} / {self.right:6d}  {100 * self.false_rejects / max(self.right, 1):5.1f} %"
        return f"{name:24s} {wrong}   {right}   {1000 * self.seconds / calls:9.2f}"


@dataclass
class Names:
    """How often the mistake got its name."""

    named: int = 0
    misnamed: int = 0
    unnamed: int = 0
    both: int = 0
    one: int = 0
    two: int = 0

    def add(self, variant: Variant, judgement: Judgement, tally: Tally) -> None:
        got = set(judgement.codes)
        expected = "/".join(sorted(variant.codes or variant.both)) or "no name"
        words = f"{variant.name}: expected {expected}, got {'/'.join(sorted(got)) or 'none'}"
        if variant.codes:
            if not got:
                self.unnamed += 1
                tally.find(f"UNNAMED: {words} ({judgement.pattern or 'no pattern'})", variant)
            elif got <= variant.codes:
                self.named += 1
            else:
                self.misnamed += 1
                tally.find(f"MISNAMED: {words}", variant)
        elif variant.both:
            self.two += 1
            self.both += got == variant.both
            self.one += bool(got) and got < variant.both
            if not got <= variant.both:
                self.misnamed += 1
                tally.find(f"MISNAMED: {words}", variant)
        # our author saw none of the listed mistakes in it
        elif any(code_order(code) <= code_order("K38") for code in got):
            tally.find(f"NAMED, look at it: {words}", variant)


def all_mutants() -> list[Variant]:
    """Every mutant of every solution that still loads, its rightness from the oracle."""
    found = []
    for exercise in exercises():
        for words, source in mutants(solution(exercise)):
            variant = Variant(exercise, f"mutant, {words}", source, right=False)
            try:
                function = variant.function()
            except Exception:
                continue
            found.append(Variant(exercise, variant.title, source, right=is_right(exercise, function)))
    return found


def only_flat(judgement: Judgement) -> bool:
    """Are all numbers right, some in (n,) for (n, 1)? That costs a fifth, and says nothing of the numbers."""
    failed = [check for check in judgement.checks if not check.passed]
    problems = [problem for check in failed for problem in (check.found.values if check.found else ())]
    return [check.kind for check in failed] == ["shape"] and all(problem.flat for problem in problems)


def ours(variants: list[Variant], seeds: list[bytes], tally: Tally, names: Names | None) -> None:
    for variant in variants:
        for seed in seeds:
            caller = LocalCaller(variant.function())
            start = time.perf_counter()
            judgement = assess(EXERCISES[variant.exercise], caller, seed)
            seconds = time.perf_counter() - start
            failed = [check for check in judgement.checks if not check.passed]
            accepted = judgement.fraction >= 1 or only_flat(judgement)
            tally.add(variant, accepted, seconds, f" ({check_name(failed[0])})" if failed else "")
            if names is not None and not variant.right:
                names.add(variant, judgement, tally)


def theirs(variants: list[Variant], nets: list[int], checker: Callable[[Any], bool], tally: Tally) -> None:
    from checkers import question

    for variant in variants:
        for net in nets:
            hidden, output = NETS[net % len(NETS)]
            start = time.perf_counter()
            try:
                accepted = checker(question(variant.exercise, variant.function(), hidden, output, net))
            except Exception:  # the student's code failed in the checker's hands
                accepted = False
            tally.add(variant, accepted, time.perf_counter() - start)


def other_checkers() -> tuple[dict[str, Callable[[Any], bool]], list[str]]:
    """Those that are installed, and a line for each that is not."""
    found: dict[str, Callable[[Any], bool]] = {}
    missing = []
    try:
        import checkers
    except ImportError as error:
        return {}, [f"NOT RUN: every other checker ({error}); pip install -r benchmarks/requirements.txt"]
    found |= {
        "CS231n, h = 1e-5": checkers.cs231n,
        "Ng, eps = 1e-7": checkers.ng,
        "scipy check_grad": checkers.scipy_check_grad,
        "chainer check_backward": checkers.chainer_check_backward,
        "tf compute_gradient": checkers.tensorflow_compute_gradient,
        "theano verify_grad": checkers.theano_verify_grad,
        "autograd check_grads": checkers.autograd_check_grads,
    }
    for name, make in (
        ("torch gradcheck, slow", lambda: checkers.make_torch(False)),
        ("torch gradcheck, fast", lambda: checkers.make_torch(True)),
        ("jax check_grads", checkers.make_jax),
    ):
        try:
            found[name] = make()
        except ImportError as error:
            missing.append(f"NOT RUN: {name} ({error}); pip install -r benchmarks/requirements.txt")
    return found, missing


def write_findings(path: Path, tally: Tally) -> None:
    """Each finding with its code, most frequent first."""
    lines = [f"# {len(tally.findings)} findings of benchmarks/judges.py\n"]
    for words, count in tally.findings.most_common():
        lines += [
            f"## {words}  [{count} times]\n",
            "```python",
            tally.examples[words].source.rstrip(),
            "```\n",
        ]
    path.write_text("\n".join(lines))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--no-mutants", action="store_true")
    parser.add_argument("--no-others", action="store_true")
    parser.add_argument(
        "--nets", type=int, default=9, help="nets on which the other checkers are asked, 1 to 9"
    )
    parser.add_argument(
        "--findings", type=Path, help="write every false verdict and every name to look at here"
    )
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")

    written = wrong_variants() + right_variants()
    seeds = [f"seed {number}".encode() for number in range(args.seeds)]
    tally, names = Tally(), Names()
    ours(written, seeds, tally, names)
    header = f"{'':24s} {'wrong code accepted':>24s}   {'right code rejected':>24s}   {'ms a verdict':>9s}"
    print(f"{len(written)} pieces of code written by hand, {args.seeds} seeds, every exercise\n{header}")
    print(tally.row("deltabook"))
    labelled = names.named + names.unnamed + names.misnamed
    print(
        f"\nnames: {names.named} of {labelled} single mistakes named ({100 * names.named / max(labelled, 1):.1f} %), "
        f"{names.misnamed} misnamed, {names.unnamed} unnamed; of {names.two} double mistakes {names.both} both, "
        f"{names.one} one of them"
    )
    result = {
        "by hand": vars(tally) | {"findings": dict(tally.findings), "examples": None},
        "names": vars(names),
    }

    if not args.no_mutants:
        made = all_mutants()
        machine = Tally()
        ours(made, seeds, machine, None)
        equal = sum(variant.right for variant in made)
        print(
            f"\n{len(made)} mutants ({equal} equivalent by the long-double oracle), {args.seeds} seeds\n{header}"
        )
        print(machine.row("deltabook"))
        tally.findings.update(machine.findings)
        tally.examples |= machine.examples
        result["mutants"] = vars(machine) | {"findings": dict(machine.findings), "examples": None}

    if not args.no_others:
        found, missing = other_checkers()
        subset = [variant for variant in written if variant.exercise in ASSEMBLED]
        print(
            f"\nThe {len(subset)} of them that are part of a net's gradient; the others are asked on one net, "
            f"{args.nets} times\n{header}"
        )
        mine = Tally()
        ours(subset, seeds[: args.nets], mine, None)
        print(mine.row("deltabook"))
        for name, checker in found.items():
            theirs_tally = Tally()
            theirs(subset, list(range(args.nets)), checker, theirs_tally)
            print(theirs_tally.row(name), flush=True)
            result[name] = vars(theirs_tally) | {"findings": None, "examples": None}
        for line in missing:
            print(line)
            if not sys.stdout.isatty():
                print(line, file=sys.stderr)

    if args.findings:
        write_findings(args.findings, tally)
    if args.json:
        args.json.write_text(json.dumps(result, indent=1, sort_keys=True))
    return int(bool(tally.false_accepts or tally.false_rejects))


if __name__ == "__main__":
    sys.exit(main())
