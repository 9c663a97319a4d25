"""A FreeSWITCH behind a NAT. On loopback everybody is inside: external_address.py runs where somebody is outside."""

import os
import subprocess
import sys

from tests.live import external_address


def test_in_a_network_of_its_own():
    prepare = f"ip link set lo up && ip addr add {external_address.OUTSIDE}/32 dev lo"
    run = f"{sys.executable} -m pytest -q -p no:xdist {external_address.__file__}"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    done = subprocess.run(
        ["unshare", "-rn", "sh", "-c", f"{prepare} && exec {run}"], env=environment, text=True, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr
