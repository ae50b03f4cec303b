"""Layers and answers to them that were written before their author had seen the grader's slips.

    python benchmarks/blind_layers.py [--set layers|layers_2] [--seed S] [--list] [LAYER…]

blind/layers/ and blind/layers_2/ hold fourteen layers each: a forward pass, right backward passes in several styles,
and wrong ones: (what was done, in which style, exchanges of text). An oracle of its own, the complex step, proves
first that the right ones are right and the wrong ones wrong. Printed are right answers that lose points or are told
anything, wrong ones with full points, how many single mistakes are told a cause, a place or nothing, which mistake is
told in other words in another style, and processor times. Whether a cause is true of its code is for a reader: --list prints each label beside what was said.
"""

import argparse
import inspect
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from time import process_time
from types import ModuleType
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from autograder.course.own_exercises import BOOK  # noqa: E402
from autograder.diagnosis.assess import Judgement, assess  # noqa: E402
from autograder.diagnosis.derived_mistakes import table_of  # noqa: E402
from autograder.exercises.exercise import Exercise  # noqa: E402
from autograder.exercises.from_forward import traced_exercise  # noqa: E402
from autograder.sandbox.calls import LocalCaller  # noqa: E402

STEP = 1e-30


def load(path: Path) -> ModuleType:
    """A module of a blind set; blind.py is a module too, so the folder is no package."""
    spec = spec_from_file_location(f"blind_{path.stem}", path)
    assert spec is not None, path
    assert spec.loader is not None, path
    sys.modules[spec.name] = module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def exercise_of(layer: ModuleType) -> Exercise:
    """The layer's exercise as an author would state it."""
    return traced_exercise(
        f"{layer.__name__.removeprefix('blind_')}_backward",
        "13-layers",
        forward=layer.forward,
        arguments=layer.ARGUMENTS,
        upstream=layer.UPSTREAM,
        gradients=layer.GRADIENTS,
        values=getattr(layer, "VALUES", {}),
    )


def function_of(source: str) -> Any:
    """The function that a source defines."""
    space: dict[str, Any] = {"np": np}
    exec(source, space)
    return next(value for name, value in space.items() if inspect.isfunction(value))


def spoilt(style: Any, exchanges: dict[str, str]) -> str:
    """The source of a right answer with exchanges of text, each of which fits once."""
    source = inspect.getsource(style)
    for old, new in exchanges.items():
        assert source.count(old) == 1, (style.__module__, style.__name__, old, source.count(old))
        source = source.replace(old, new)
    return source


# ---- the oracle ------------------------------------------------------------------------------------------


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def _softmax(z: Any, axis: int = -1) -> Any:
    e = np.exp(z - z.real.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def _log_softmax(z: Any, axis: int = -1) -> Any:
    return np.log(_softmax(z, axis))


class ComplexBuffers:
    """NumPy whose zeros can hold what the complex step writes into them."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    def zeros(self, shape: Any) -> Any:
        return np.zeros(shape, complex)


ANALYTIC = {
    "np": ComplexBuffers(),
    "sigmoid": _sigmoid,
    "softmax": _softmax,
    "log_softmax": _log_softmax,
    "relu": lambda z: z * (z.real > 0),
}


def probes(layer: ModuleType) -> Iterator[dict[str, Any]]:
    """Arguments by name, of sizes that all differ, and of two examples."""
    rng = np.random.default_rng(20261130)
    letters = sorted(
        {str(d)[-1] for shape in layer.ARGUMENTS.values() for d in shape if not isinstance(d, int)}
    )
    for turn in range(3):
        sizes = dict(zip(letters, rng.permutation(np.arange(3, 3 + len(letters))).tolist(), strict=True))
        sizes |= {"n": 2} if turn == 2 and "n" in sizes else {}
        at = {}
        for name, shape in layer.ARGUMENTS.items():
            dims = tuple(d if isinstance(d, int) else eval(d, {}, sizes) for d in shape)
            draw = getattr(layer, "VALUES", {}).get(name)
            at[name] = rng.normal(size=dims) if draw is None else draw(rng, dims, sizes)
        yield at


def truth(layer: ModuleType, at: dict[str, Any], coming: tuple[Any, ...]) -> list[Any]:
    """The gradients of sum(upstream * result) by the complex step, entry by entry."""
    space = {name: ANALYTIC.get(name, value) for name, value in vars(layer).items()}
    exec(inspect.getsource(layer.forward), space)
    found = []
    for name in layer.GRADIENTS:
        gradient = np.zeros(at[name].shape)
        for index in np.ndindex(gradient.shape):
            moved = at[name].astype(complex)
            moved[index] += 1j * STEP
            result = space["forward"](**{**at, name: moved})
            results = result if isinstance(result, tuple) else (result,)
            pairs = zip(coming, results, strict=True)
            gradient[index] = sum(np.sum(up * one).imag for up, one in pairs) / STEP
        found.append(gradient)
    return found


def difference(layer: ModuleType, function: Any) -> float:
    """The largest relative difference between an answer and the complex step; inf where it raises."""
    rng = np.random.default_rng(7)
    worst = 0.0
    for at in probes(layer):
        result = layer.forward(**at)
        results = result if isinstance(result, tuple) else (result,)
        coming = tuple(rng.normal(size=np.shape(one)) for one in results) if layer.UPSTREAM else (1.0,)
        given = [np.array(value) for value in ((*coming, *at.values()) if layer.UPSTREAM else at.values())]
        try:
            answers = function(*given)
        except Exception:
            return np.inf
        for answer, right in zip(answers, truth(layer, at, coming), strict=True):
            if np.shape(answer) != right.shape:
                return np.inf
            worst = max(worst, float(np.max(np.abs(answer - right)) / max(1.0, np.max(np.abs(right)))))
    return worst


def prove(layer: ModuleType) -> None:
    """AssertionError where a right answer isn't right, or a wrong one isn't wrong."""
    for style in layer.RIGHT:
        off = difference(layer, style)
        assert off < 1e-9, (layer.__name__, style.__name__, off)
    for label, style, exchanges in layer.WRONG:
        off = difference(layer, function_of(spoilt(style, exchanges)))
        assert not off < 1e-5, (layer.__name__, label, style.__name__, off)


# ---- the figures -----------------------------------------------------------------------------------------


@dataclass
class Told:
    """What the answers to one layer were told, and the processor times."""

    layer: ModuleType
    seed: bytes
    counted: Counter[str] = field(default_factory=Counter)
    words: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    seconds: list[float] = field(default_factory=list)

    def build(self) -> float:
        """Seconds until the first answer can be judged and named; prints what there is to tell."""
        start = process_time()
        self.exercise = exercise_of(self.layer)
        probes = self.exercise.probes(self.seed)
        passed = self.exercise.forward
        assert passed is not None
        traced = passed.problem or f"{len(table_of(passed, probes).slips)} slips"
        took = process_time() - start
        print(f"{self.layer.__name__}: built in {took:.2f} s, {traced}")
        return took

    def judged(self, function: Any) -> Judgement:
        start = process_time()
        found = assess(self.exercise, LocalCaller(function, self.exercise.id), self.seed, course=BOOK)
        self.seconds.append(process_time() - start)
        return found

    def right(self) -> None:
        for style in self.layer.RIGHT:
            found = self.judged(style)
            self.counted["right"] += 1
            if found.fraction < 1 or found.codes or found.pattern:
                self.counted["right ones that lose points or are told something"] += 1
                print(f"    RIGHT, but {found.fraction:.0%}: {style.__name__} {said(found)}")

    def wrong(self, show: bool) -> None:
        for label, style, exchanges in self.layer.WRONG:
            found = self.judged(function_of(spoilt(style, exchanges)))
            kind = "place" if set(found.codes) == {"D-place"} else "cause" if found.codes else "nothing"
            number = "doubles" if label in self.layer.DOUBLES else "singles"
            self.counted["wrong"] += 1
            self.counted["wrong ones with full points"] += found.fraction == 1
            self.counted[f"{number}: {kind}"] += 1
            self.words[label].append(said(found))
            if show:
                print(f"    {style.__name__:12} {label:50} {' '.join(found.codes):8} {said(found)}")


def said(found: Judgement) -> str:
    """The sentences of a judgement, or what stands in their place."""
    return "; ".join(found.sentences) or f"({found.status} {found.pattern})"


def main() -> int:
    """Print the figures; 0."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--set", default="layers", choices=["layers", "layers_2"])
    parser.add_argument("--seed", default="1")
    parser.add_argument("--list", action="store_true", help="each wrong answer's label and what was said")
    parser.add_argument("layers", nargs="*", help="only these")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    folder = HERE / "blind" / options.set
    names = options.layers or sorted(path.stem for path in folder.glob("*.py"))
    counted: Counter[str] = Counter()
    medians, building, several, other = [], [], 0, []
    for name in names:
        layer = load(folder / f"{name}.py")
        prove(layer)
        told = Told(layer, options.seed.encode())
        building.append(told.build())
        told.right()
        told.wrong(options.list)
        medians.append(float(np.median(told.seconds)))
        print(f"    {1e3 * medians[-1]:.1f} ms an answer, {1e3 * max(told.seconds):.1f} at most")
        counted += told.counted
        repeated = {label: set(words) for label, words in told.words.items() if len(words) > 1}
        several += len(repeated)
        other += [f"{name}, {label}: {sorted(words)}" for label, words in repeated.items() if len(words) > 1]
    for key, count in counted.items():
        print(f"{key}: {count}")
    print(f"the same mistake in several styles: {several}, in other words: {len(other)}")
    print(*(f"    {line}" for line in other), sep="\n")
    print(
        f"building: {max(building):.2f} s at most; an answer: {1e3 * max(medians):.1f} ms, the slowest layer's"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
