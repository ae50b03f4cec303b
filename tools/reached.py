"""A pytest plugin: which tests reach which lines, and what time each test takes. For tools/mutants.py.

    python -m pytest -p reached --reached FILE --reached-source FOLDER tests/...

FILE becomes JSON: {"seconds": {test: on the clock}, "work": {test: of processors, its children's too},
"lines": {file: {line: [tests]}}, "failed": [tests]}. A line that runs at import alone has no test. Lines that
other processes run are not seen.
"""

import json
import os
from collections import defaultdict
from pathlib import Path

import coverage
import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--reached", type=Path)
    parser.addoption("--reached-source")


class Recorder:
    """Tells the coverage measurement which test runs."""

    def __init__(self, target: Path, source: str) -> None:
        self.target = target
        self.seconds: dict[str, float] = defaultdict(float)
        self.work: dict[str, float] = {}
        self.failed: set[str] = set()
        self.coverage = coverage.Coverage(data_file=None, source=[source], config_file=False)
        self.coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item):
        self.coverage.switch_context(item.nodeid)
        before = sum(os.times()[:4])
        done = yield
        self.work[item.nodeid] = sum(os.times()[:4]) - before
        self.coverage.switch_context("")
        return done

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] += report.duration
        if not report.passed:
            self.failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self.coverage.stop()
        data = self.coverage.get_data()
        lines = {
            file: {
                line: [test for test in tests if test]
                for line, tests in data.contexts_by_lineno(file).items()
            }
            for file in data.measured_files()
        }
        found = {"seconds": self.seconds, "work": self.work, "lines": lines, "failed": sorted(self.failed)}
        self.target.write_text(json.dumps(found), encoding="utf-8")


# Before the tests' own conftest.py imports what is measured.
@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    given = early_config.known_args_namespace
    if given.reached:
        recorder = Recorder(given.reached, given.reached_source)
        early_config.pluginmanager.register(recorder, "reached-recorder")
