"""The exit codes: 0 done, 1 refused, 2 usage, 3 the switch or the database cannot be reached (point 21)."""

import json
import signal
import socket
import subprocess
import sys

import click
import pytest

from fsctl import sample
from fsctl.cli import freeswitch
from fsctl.cli import serve as controller
from fsctl.switch.link.event_socket import SwitchUnreachable
from tests.cli.test_serve import greeted
from tests.ports import free_port
from tests.promises.commands import COMMANDS, ENDING

#: Of these everything that the database knows is shown, and a word for what nobody knows.
SHOWN_WITHOUT = ("status", "hunt list", "hunt show", "executive list", "executive show", "assistant list", "group list")
WITH_SWITCH = [path for path, command in COMMANDS.items()
               if path in ENDING and any("--switch" in each.opts for each in command.params) and path != "office apply"]


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_takes_json(path):
    assert any("--json" in each.opts for each in COMMANDS[path].params)


@pytest.mark.parametrize("path", WITH_SWITCH)
def test_a_switch_that_cannot_be_reached_is_named_and_is_exit_3(bench, path, monkeypatch):
    bench.fill()
    places = [f"127.0.0.1:{free_port()}" for _ in range(2)]
    monkeypatch.setenv("FSCTL_SWITCH", " ".join(places))
    code, printed, complaint = bench.answer(*bench.words(path))
    assert code == 3
    told = printed + complaint
    assert all(place in told for place in places) or path in ("park add", "group mute", "group drop", "executive mute",
                                                              "executive drop")  # which need one
    if path in SHOWN_WITHOUT:
        assert "unknown" in printed
        code, printed, _ = bench.answer(*bench.words(path), "--json")
        assert (code, "unknown" in json.dumps(json.loads(printed))) == (3, True)


@pytest.mark.parametrize("variable", ["{0} {1}", "{0},{1}", " {0},  {1} "])
@pytest.mark.parametrize("path", [path for path, command in COMMANDS.items()
                                  if any("--switch" in each.opts for each in command.params)])
def test_several_switches_in_the_environment_are_taken_by_every_command(path, variable, monkeypatch):
    monkeypatch.setenv("FSCTL_SWITCH", variable.format("127.0.0.1:1", "pbx.example.org:8021"))
    option = next(each for each in COMMANDS[path].params if "--switch" in each.opts)
    context = click.Context(COMMANDS[path])
    assert option.consume_value(context, {})[0]
    assert option.handle_parse_result(context, {}, [])[0] == (("127.0.0.1", 1), ("pbx.example.org", 8021))


@pytest.mark.parametrize("place", ["a..b:1", "\udcff:1", f"{'x' * 64}.org:1", "here", "here:", "here:99999"])
@pytest.mark.parametrize("path", ["status", "serve", "doctor", "office apply"])
def test_what_is_no_place_is_usage(bench, path, place):
    assert bench.answer(*bench.words(path), "--switch", place)[0] == 2


class Link:
    """A switch; the second one cannot be reached."""

    told: list

    def __init__(self, host, port, secret):
        self._place = f"{host}:{port}"

    def open(self):
        if self._place.endswith(":2"):
            raise SwitchUnreachable(f"{self._place}: Connection refused")

    def api(self, text, timeout):
        self.told.append((self._place, text))

    def close(self):
        pass


def test_all_switches_read_what_was_applied_and_one_that_does_not_is_named(bench, monkeypatch):
    monkeypatch.setattr(freeswitch, "EventSocket", Link)
    Link.told = []
    monkeypatch.setenv("FSCTL_SWITCH", "127.0.0.1:1 127.0.0.1:2 127.0.0.1:3")
    code, printed, complaint = bench.answer(*bench.words("office apply"), "--reload")
    assert Link.told == [("127.0.0.1:1", "reloadxml"), ("127.0.0.1:3", "reloadxml")]
    assert (code, "the office was applied" in complaint, "127.0.0.1:2" in complaint) == (3, True, True)
    monkeypatch.setenv("FSCTL_SWITCH", "127.0.0.1:1 127.0.0.1:3")
    code, printed, complaint = bench.answer(*bench.words("office apply"), "--reload")
    assert (code, printed) == (0, "") and complaint.startswith("FreeSWITCH has read ")


@pytest.mark.parametrize("command", ["on", "off", "auto", "toggle"])
def test_night_service_where_no_site_has_one_is_refused(bench, command):
    text = "\n".join(line for line in sample.text().splitlines() if not line.startswith("night = { "))
    (bench.folder / "office.toml").write_text(text, "utf-8")
    assert bench.answer(*bench.words("office apply"))[0] == 0
    database = ("--database", str(bench.database))
    code, _, complaint = bench.answer("night", command, *database)
    assert (code, complaint) == (1, "fsctl: no site has a night service; write night = { to = … } in its table of the "
                                    "office file\n")
    assert bench.answer("night", command, "berlin", *database)[0] == 1


def test_which_site_is_usage_where_there_are_several(bench):
    bench.fill()
    assert bench.answer("night", "on", "--database", str(bench.database))[0] == 2


@pytest.mark.parametrize("path", COMMANDS)
def test_words_that_no_command_has_are_usage(bench, path):
    code, _, complaint = bench.answer(*path.split(), "--no-such-option")
    assert (code, "Usage: " in complaint) == (2, True)


def test_switches_by_name_may_bring_calls(capsys, monkeypatch):
    known = {"pbx.example.org": ["192.0.2.1", "2001:db8::1"], "192.0.2.9": ["192.0.2.9"], "pbx": ["fe80::1%eth0"]}

    def resolve(host, port, type):
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(0, type, 6, "", (each, port)) for each in known[host]]

    monkeypatch.setattr(controller, "get_original", lambda *_: resolve)
    found = controller._addresses(tuple((host, 8021) for host in (*known, "nowhere")))
    assert [str(each) for each in found] == ["192.0.2.1/32", "2001:db8::1/128", "192.0.2.9/32", "fe80::1/128"]
    assert "nowhere has no address (Name or service not known)" in capsys.readouterr().err


@pytest.mark.slow
def test_a_controller_takes_a_switch_by_name_and_says_for_programs_that_it_is_ready(bench):
    port, place = free_port(), f"localhost:{free_port()}"
    process = subprocess.Popen(
        [sys.executable, "-m", "fsctl", "serve", "--listen", f"127.0.0.1:{port}", "--switch", place, "--json",
         "--database", str(bench.database)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert json.loads(process.stdout.readline()) == {
            "ready": True, "listen": f"127.0.0.1:{port}", "switches": [place]}
        greeted(port)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.communicate()


@pytest.mark.slow
def test_the_demo_says_for_programs_what_became_of_each_call():
    with subprocess.Popen([sys.executable, "-m", "fsctl", "demo", "--json"], stdout=subprocess.PIPE, text=True) as demo:
        first = json.loads(demo.stdout.readline())
        demo.send_signal(signal.SIGINT)
    assert first == {"caller": "101", "dialled": "102", "expected": "user:102", "result": "user:102",
                     "reason": "102 is Bernd Brandt"}
