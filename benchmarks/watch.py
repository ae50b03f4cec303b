"""`autograder grade --watch`: from hand-in to feedback, one by one and in a rush.

    python benchmarks/watch.py [--class 60] [--one-by-one 40] [--rush 400] [--seconds 120] [--kill]

The watch is the command itself, over a course that is graded already (--class). Hand-in is the moment at which
the notebook is in its place; feedback is there when the page in feedback/ has the receipt of these very bytes.
First one at a time, each when the last one's feedback is there; then a rush of students at random moments,
first ones and new tries, with the class's mixture of right and wrong answers. --kill: in the middle of the
rush the watch is killed (kill -9) and started again after three seconds. At the end it is stopped, started
once more for what the stop has cut off, and every student's score is compared with the one that `autograder
grade` gives in a course of its own: what differs, or is missing, is lost.

On a machine with other work the clock says little: the processor's time of the watch's whole tree for a
submission is printed beside it, and the load.
"""

import argparse
import contextlib
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "examples")]

from make_class import ASSIGNMENT, CLASS, STYLES, filled  # noqa: E402

from autograder.gradebook.gradebook import Gradebook  # noqa: E402
from autograder.gradebook.gradebook_url import default_url  # noqa: E402

LEFT_OUT = ("an infinite loop", "no notebook")
ANSWERS = [
    filled(ASSIGNMENT, {} if answer is None else STYLES | {"hidden_delta": answer})
    for kind, answer in CLASS.items()
    if kind not in LEFT_OUT
]
# Of a feedback page, seconds.
MOST_WAITED = 300.0


@dataclass
class Course:
    """A course folder with a watch over it; last: each student's last notebook."""

    folder: Path
    last: dict[str, str] = field(default_factory=dict)
    watch: subprocess.Popen[str] | None = None
    cpu_before: float = 0.0

    def hand_in(self, student: str, text: str, mark: str) -> tuple[Path, str]:
        """Put it into its place at once; the feedback page that is to come, and the notebook's hash."""
        notebook = json.loads(text)
        # Two hand-ins are never the same bytes.
        notebook["metadata"]["handed_in"] = mark
        data = json.dumps(notebook).encode()
        path = self.folder / "submitted" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}")
        part.write_bytes(data)
        part.replace(path)
        self.last[student] = data.decode()
        page = self.folder / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html"
        return page, hashlib.sha256(data).hexdigest()

    def start(self) -> None:
        words = [sys.executable, "-m", "autograder", "grade", self.folder, "--watch"]
        self.watch = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        assert self.watch.stdout is not None
        for line in self.watch.stdout:
            if "waiting for more" in line:
                break
        threading.Thread(target=self.watch.stdout.read, daemon=True).start()

    def cpu(self) -> float:
        """Seconds of processor time of the watch and all that it has started."""
        assert self.watch is not None
        total = self.cpu_before
        process = psutil.Process(self.watch.pid)
        for each in [process, *process.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                used = each.cpu_times()
                total += used.user + used.system + used.children_user + used.children_system
        return total

    def stop(self, sign: signal.Signals) -> None:
        assert self.watch is not None
        self.cpu_before = self.cpu()
        self.watch.send_signal(sign)
        self.watch.wait()


def waited(page: Path, digest: str, since: float) -> float | None:
    """Seconds until the page has the receipt; None if it doesn't come."""
    while time.monotonic() - since < MOST_WAITED:
        with contextlib.suppress(OSError):
            if digest in page.read_text(encoding="utf-8"):
                return time.monotonic() - since
        time.sleep(0.005)
    return None


def one_by_one(course: Course, count: int) -> list[float]:
    """Each when the last one's feedback is there."""
    found = []
    for place in range(count):
        time.sleep(random.uniform(0.2, 0.6))
        page, digest = course.hand_in(f"one{place}", ANSWERS[place % len(ANSWERS)], f"{place}")
        took = waited(page, digest, time.monotonic())
        if took is None:
            raise RuntimeError(f"no feedback for the one handed in as number {place}")
        found.append(took)
    return found


def rush(course: Course, count: int, seconds: float, kill: bool) -> list[float | None]:
    """count hand-ins at random moments, a fifth of them a student's second try."""
    moments = sorted(random.uniform(0, seconds) for _ in range(count))
    waiting: dict[str, tuple[Path, str, float]] = {}
    found: dict[str, float | None] = {}
    lock, began = threading.Lock(), time.monotonic()
    done = threading.Event()

    def look() -> None:
        while not done.is_set() or waiting:
            with lock:
                for key, (page, digest, since) in list(waiting.items()):
                    with contextlib.suppress(OSError):
                        if digest in page.read_text(encoding="utf-8"):
                            found[key] = time.monotonic() - since
                            del waiting[key]
                            continue
                    if time.monotonic() - since > MOST_WAITED:
                        found[key] = None
                        del waiting[key]
            time.sleep(0.02)

    watcher = threading.Thread(target=look)
    watcher.start()
    killed = not kill
    for place, moment in enumerate(moments):
        if not killed and moment > seconds / 2:
            course.stop(signal.SIGKILL)
            killed = True
            threading.Timer(3, course.start).start()
        time.sleep(max(0.0, began + moment - time.monotonic()))
        student = f"rush{place if place < count * 0.8 else place - int(count * 0.8)}"
        page, digest = course.hand_in(student, random.choice(ANSWERS), f"rush {place}")
        with lock:
            # The earlier try is overtaken: its page need not come any more.
            waiting[student] = (page, digest, time.monotonic())
    done.set()
    watcher.join()
    return list(found.values())


def lost(course: Course, folder: Path) -> list[str]:
    """Students whose score in the gradebook is not what one `autograder grade` gives."""
    again = Course(folder)
    for student, text in course.last.items():
        path = folder / "submitted" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(text)
    words = [sys.executable, "-m", "autograder", "grade", again.folder]
    subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    scores = []
    for each in (course, again):
        with Gradebook(default_url(each.folder)) as book:
            scores.append({who: mark.score for (who, _), mark in book.marks([ASSIGNMENT]).items()})
    return [student for student in course.last if scores[0].get(student) != scores[1][student]]


def line(name: str, seconds: list[float], cpu: float) -> str:
    ordered = sorted(seconds)
    middle, late = ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return (
        f"{name}: {len(ordered)} feedback pages; p50 {middle:.2f} s, p95 {late:.2f} s, most {ordered[-1]:.2f} "
        f"s; processor {1000 * cpu / len(ordered):.0f} ms each; load {os.getloadavg()[0]:.1f}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--class", dest="size", type=int, default=60)
    parser.add_argument("--one-by-one", type=int, default=40)
    parser.add_argument("--rush", type=int, default=400)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--kill", action="store_true")
    given = parser.parse_args()
    random.seed(1)
    with tempfile.TemporaryDirectory() as folder:
        course = Course(Path(folder) / "course")
        for place in range(given.size):
            course.hand_in(f"class{place}", ANSWERS[place % len(ANSWERS)], "before")
        course.start()
        # The first one warms what only a run needs.
        one_by_one(course, 2)
        before = course.cpu()
        seconds = one_by_one(course, given.one_by_one)
        print(line("one by one", seconds, course.cpu() - before), flush=True)
        missing: list[str] = []
        if given.rush:
            before = course.cpu()
            found = rush(course, given.rush, given.seconds, given.kill)
            came = [each for each in found if each is not None]
            print(line("rush", came, course.cpu() - before), flush=True)
        course.stop(signal.SIGINT)
        course.start()
        course.stop(signal.SIGINT)
        missing = lost(course, Path(folder) / "again")
        print(f"lost or otherwise than by `grade`: {len(missing)} of {len(course.last)} {missing[:5]}")
    return int(bool(missing))


if __name__ == "__main__":
    sys.exit(main())
