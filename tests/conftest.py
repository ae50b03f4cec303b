"""For all tests: no deadline, what is left out is counted, the caller's terminal changes nothing."""

import os
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.support.machine import NEEDS, LeftOut, needed

KEY = "left out"
# What the caller's terminal is and wants changes what rich and others print.
OF_THE_TERMINAL = ("TERM", "COLORTERM", "FORCE_COLOR", "NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "LINES")


def everything_is_asked_for() -> bool:
    """In CI, and with `make test REQUIRE=all`, a test that is left out is a failure of the run."""
    return (os.environ.get("REQUIRE") or ("all" if os.environ.get("CI") == "true" else "")) == "all"


def pytest_configure(config: pytest.Config) -> None:
    # The machine may be busy. Where others wait for the outcome the examples are the same each time; on a
    # person's machine each run draws new ones.
    settings.register_profile("unhurried", deadline=None, derandomize=everything_is_asked_for())
    settings.load_profile("unhurried")
    config.addinivalue_line(
        "markers", "needs(*names): left out where this is missing; tests/support/machine.py"
    )


def pytest_sessionstart() -> None:
    for name in (*OF_THE_TERMINAL, "DELTABOOK_LANGUAGE"):
        os.environ.pop(name, None)


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}


@pytest.fixture(autouse=True)
def _environment_as_it_was() -> Iterator[None]:
    """A variable that a test leaves behind would reach the programs that later tests start."""
    before = environment()
    yield
    after = environment()
    changed = sorted(name for name, _ in before.items() ^ after.items())
    if changed:
        for name in after.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)
        pytest.fail(f"the test leaves environment variables changed: {', '.join(changed)}")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        for name in mark.args:
            needed(name)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        cause = call.excinfo.value if call.excinfo else None
        text = NEEDS[cause.need].name if isinstance(cause, LeftOut) else str(report.longrepr[2])
        fix = NEEDS[cause.need].get if isinstance(cause, LeftOut) else ""
        report.user_properties.append((KEY, [text, fix]))
    return report


def left_out(reports: list[pytest.TestReport]) -> list[str]:
    """One line for each thing that was missing, with the number of tests that needed it."""
    properties = [value for report in reports for key, value in report.user_properties if key == KEY]
    counted = Counter(tuple(value) for value in properties)
    return [
        f"{tests(count)} {'needs' if count == 1 else 'need'} {name} ({fix})"
        if fix
        else f"{tests(count)}: {name}"
        for (name, fix), count in counted.most_common()
    ]


def tests(count: int) -> str:
    return f"{count} test" if count == 1 else f"{count} tests"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    lines = left_out(terminalreporter.stats.get("skipped", []))
    if not lines:
        return
    terminalreporter.section("left out", red=everything_is_asked_for(), yellow=not everything_is_asked_for())
    for line in lines:
        terminalreporter.write_line(f"left out: {line}")
    if everything_is_asked_for():
        terminalreporter.write_line("Everything is asked for here (CI, or REQUIRE=all): the run has failed.")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    if terminal and session.exitstatus == 0 and terminal.stats.get("skipped") and everything_is_asked_for():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
