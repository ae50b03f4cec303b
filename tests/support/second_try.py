"""`-p tests.support.second_try`: what failed in a browser is tried once more, alone, and named.

A page on a busy machine can be late in a way that no wait foresees. Such a test runs again in a process of
its own when nothing else does, and both its failure and its second try are printed. Whatever else fails,
fails at once.
"""

import subprocess
import sys
from pathlib import Path

import pytest

# As many can be chance; if more fail, something is broken.
MOST = 5
IN_A_BROWSER = "in a browser"
FIXTURES = {"page", "browser", "playwright"}
SECOND = pytest.StashKey[tuple[list[str], int]]()


def in_a_browser(item: pytest.Item) -> bool:
    return bool(FIXTURES & set(getattr(item, "fixturenames", ()))) or "playwright" in Path(
        item.path
    ).read_text(encoding="utf-8")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    report = yield
    if report.failed and in_a_browser(item):
        report.user_properties.append((IN_A_BROWSER, True))
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    if not terminal or hasattr(session.config, "workerinput") or exitstatus != pytest.ExitCode.TESTS_FAILED:
        return
    failed = [*terminal.stats.get("failed", []), *terminal.stats.get("error", [])]
    names = list(dict.fromkeys(report.nodeid for report in failed))
    if len(names) > MOST or not all((IN_A_BROWSER, True) in report.user_properties for report in failed):
        return
    terminal.write_sep("=", f"tried again, alone: {len(names)}")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *names]
    code = subprocess.run(command, cwd=session.config.rootpath, check=False).returncode
    session.config.stash[SECOND] = names, code
    if code == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.OK


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    names, code = terminalreporter.config.stash.get(SECOND, ([], 0))
    if not names:
        return
    passed = code == pytest.ExitCode.OK
    terminalreporter.section("tried again, alone", yellow=passed, red=not passed)
    terminalreporter.write_line(
        "Each failed in a browser beside other tests and passed alone: is it the machine or the page?"
        if passed
        else "Not all of them passed alone either: the run has failed."
    )
    for name in names:
        terminalreporter.write_line(f"tried again: {name}")
