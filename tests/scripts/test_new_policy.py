"""``scripts/new-policy`` in a copy of the project: what it writes passes as it is."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy, in which commands can be run."""
    copy = tmp_path_factory.mktemp("project")
    for folder in ("fsctl", "scripts", "tests/unit"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("setup.cfg", "ruff.toml", "tests/__init__.py"):
        shutil.copy(ROOT / file, copy / file)

    def run(*words):
        environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run([sys.executable, *words], cwd=copy, env=environment, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    run.folder = copy
    return run


def test_it_writes_what_passes(project):
    code, said = project("scripts/new-policy", "lift", "--after", "forwarding", "--does", "A lift is answered at once.")
    assert (code, said.splitlines()) == (0, [
        "fsctl/policies/lift.py", "tests/unit/policies/test_lift.py", "docs/policies/lift.md",
        "fsctl/policies/stages.py"])
    code, said = project(
        "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "tests/unit/policies/test_lift.py",
        "tests/unit/policies/test_stages.py", "tests/unit/test_reasons.py", "-k", "not package and not shows_calls")
    assert code == 0, said
    stages = "from fsctl.policies.stages import STAGES; print(*(stage.name for stage in STAGES))"
    order = project("-c", stages)[1].split()
    assert order[order.index("lift") - 1] == "forwarding_unanswered"


@pytest.mark.parametrize(("words", "wrong"), [
    (("extension",), "is there already"), (("Call-Park",), "no name for a policy"),
    (("cellar", "--after", "nowhere"), "no policy nowhere"),
])
def test_what_cannot_be_is_told_and_nothing_is_written(project, words, wrong):
    before = sorted(path for path in project.folder.rglob("*.py"))
    code, said = project("scripts/new-policy", *words)
    assert code != 0 and wrong in said and "Traceback" not in said
    assert sorted(path for path in project.folder.rglob("*.py")) == before
