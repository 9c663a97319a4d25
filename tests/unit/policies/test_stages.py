"""The one list of policies: what is made from it, and what other packages may add."""

import ast
import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from fsctl import policies
from fsctl.errors import FsctlError
from fsctl.policies.feature import Code, Feature
from fsctl.policies.installed import arranged
from fsctl.policies.stages import CODES, FEATURES, PIPELINE, STAGES
from tests.unit.builders import ANNA, an_office

ROOT = Path(policies.__file__).parent

TINY = '''
"""Nobody is rung on the first of April."""

from fsctl.model.actions import Because, Done, Hangup, Pass
from fsctl.model.reasons import declare
from fsctl.policies.feature import Feature

declare({"tiny.april": "{name} is not there in April"})


def run(call, office, live):
    if (call.at.month, call.at.day) != (4, 1):
        return Pass()
    yield Because("tiny.april", name=office.users[call.to.name].name)
    yield Hangup("rejected")
    return Done()


STAGE = Feature.of(__name__, __doc__).stage(run, before="forwarding_always")
'''


def tree(path):
    return ast.parse(path.read_text("utf-8"))


def test_every_policy_is_in_the_list():
    asked = {path.stem for path in ROOT.glob("*.py") for node in tree(path).body
             if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "STAGE"}
    assert asked | {"star_codes"} == {stage.feature.name for stage in STAGES}
    assert all(feature.summary.endswith(".") for feature in FEATURES)


def test_each_stage_has_a_name_of_its_own():
    assert len({stage.name for stage in STAGES}) == len(STAGES)
    assert [stage.name for stage in PIPELINE if stage.feature.name == "forwarding"] == [
        "forwarding_always", "forwarding_unanswered"]


def test_what_a_reroute_skips_is_a_stage():
    names, found = {stage.name for stage in STAGES}, []
    for path in ROOT.glob("*.py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.keyword) and node.arg == "skips" and path.stem != "feature":
                module = vars(import_module(f"fsctl.policies.{path.stem}"))
                found += eval(compile(ast.Expression(node.value), path.name, "eval"), module)
    assert found and set(found) <= names


def test_each_code_is_served_by_one():
    assert len(CODES) == sum(len(feature.codes) for feature in FEATURES)
    assert all(isinstance(code, Code) for code in CODES.values())


def test_through_whom_a_policy_applies():
    through = {feature.name: feature.through(ANNA, an_office()) for feature in FEATURES}
    assert through["emergency"] == through["reception"] == "site berlin"
    assert through["extension"] == "user 101"
    assert through["hunt_group"] == through["hunt_membership"] == "group sales"
    assert through["call_park"] == "group sales, site berlin"
    assert through["mailbox"] == through["forwarding"] == through["night_service"] == through["attendant"] == ""


@pytest.mark.parametrize(("place", "expected"), [
    ({"before": "b"}, "axbc"), ({"after": "b"}, "abxc"), ({"after": "a"}, "axbc"), ({"after": "c"}, "abcx"),
])
def test_where_another_one_belongs(place, expected):
    own = [Feature(name, "").stage() for name in "abc"]
    assert "".join(stage.name for stage in arranged(own, iter([Feature("x", "").stage(**place)]))) == expected


SERVED = {"dnd_on": Code(run=None)}


@pytest.mark.parametrize(("name", "place", "codes", "wrong"), [
    ("a", {"after": "b"}, {}, "two policies a"), ("x", {"after": "y"}, {}, "next to y; there are a, b"),
    ("x", {"before": "a"}, {}, "before a, which comes before all others"),
    ("x", {"after": "a"}, SERVED, "the code dnd_on, which b serves already"),
    ("b", {"after": "a", "name": "of_its_own"}, {}, "two policies b"),
])
def test_where_none_can_be(name, place, codes, wrong):
    own = [Feature("a", "").stage(), Feature("b", "", codes=SERVED).stage()]
    with pytest.raises(FsctlError, match=wrong):
        arranged(own, iter([Feature(name, "", codes=codes).stage(**place)]))


@pytest.fixture
def package(tmp_path):
    """Installs a package with that module, as pip would lay it down, and runs fsctl with it."""
    def install(text, value="tiny:STAGE"):
        (tmp_path / "tiny.py").write_text(text)
        info = tmp_path / "fsctl_tiny-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fsctl-tiny\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[fsctl.policies]\ntiny = {value}\n")
        office = tmp_path / "office.toml"
        office.write_text('version = 1\n[sites.a]\nname = "A"\ntimezone = "UTC"\nlanguage = "en"\n'
                          '[trunks.t]\ndial = "sofia/gateway/t/{number}"\n'
                          '[users.101]\nname = "Anna"\nsite = "a"\n')

    def fsctl(*words):
        environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT.parents[1]}",
                       "FSCTL_DATABASE": str(tmp_path / "db")}
        done = subprocess.run([sys.executable, "-m", "fsctl", *words], env=environment, capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr

    def python(program):
        environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT.parents[1]}"}
        return subprocess.run([sys.executable, "-c", program], env=environment).returncode

    fsctl.python = python
    fsctl.install, fsctl.office = install, str(tmp_path / "office.toml")
    return fsctl


@pytest.mark.slow
def test_a_policy_of_another_package(package):
    package.install(TINY)
    assert package("office", "apply", package.office)[0] == 0
    rows = json.loads(package("policies", "101", "--json")[1])
    names = [row["policy"] for row in rows]
    assert names.index("tiny") == names.index("reception" if "reception" in names else "star_codes") + 1
    assert rows[names.index("tiny")]["does"] == "Nobody is rung on the first of April."
    told = json.loads(package("explain", "101", "101", "--at", "2027-04-01T10:00", "--json")[1])
    assert told["result"] == "hangup:rejected"
    assert [(step["policy"], step["reason"]) for step in told["steps"]] == [("tiny", "Anna is not there in April")]
    assert json.loads(package("explain", "101", "101", "--json")[1])["result"] == "user:101"
    assert package.python("import tiny, fsctl.policies.stages as s; assert tiny.STAGE in s.STAGES") == 0


@pytest.mark.slow
@pytest.mark.parametrize(("text", "value", "wrong"), [
    ("raise OSError('no disk')", "tiny:STAGE", "tiny of fsctl-tiny cannot be loaded: OSError"),
    (TINY, "tiny:run", "must be a Stage"),
    (TINY.replace("forwarding_always", "nowhere"), "tiny:STAGE", "next to nowhere"),
])
def test_one_that_cannot_be_used_is_named(package, text, value, wrong):
    package.install(text, value)
    code, _, said = package("policies")
    assert code == 1 and wrong in said and "Traceback" not in said
