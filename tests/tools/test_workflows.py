import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_by_hash_and_permissions_are_given_job_by_job(path):
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        assert "timeout-minutes" in job, name
        assert "write-all" not in str(job.get("permissions"))
        for step in job["steps"]:
            assert re.fullmatch(r"[\w-]+/[\w/-]+@[0-9a-f]{40}", step.get("uses", f"a/b@{'0' * 40}")), step
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_what_a_workflow_runs_is_what_anybody_can_run(path):
    for command in re.findall(r"run: (.*)", path.read_text(encoding="utf-8")):
        for target in re.findall(r"\bmake ([\w-]+)", command):
            assert target in TARGETS
        for file in re.findall(r"[\w./-]+/[\w-]+(?:\.py)?\b", command):
            if file.startswith((".ci/", "tools/")):
                assert (ROOT / file).is_file(), file


def test_every_action_has_one_hash():
    used = {}
    for path in WORKFLOWS:
        for action, digest in re.findall(r"uses: ([\w/-]+)@([0-9a-f]{40})", path.read_text(encoding="utf-8")):
            used.setdefault(action, set()).add(digest)
    assert used
    assert all(len(digests) == 1 for digests in used.values())
