"""``python -m tests.shifted SECONDS …``: ``fsctl …`` in a process whose time of day is so many seconds ahead.

Where time passes at once (virtual_time.py) it is later by now than anywhere else.
"""

import runpy
import sys
import time

if __name__ == "__main__":
    ahead, real_time = float(sys.argv.pop(1)), time.time
    time.time = lambda: real_time() + ahead
    sys.argv[0] = "fsctl"
    runpy.run_module("fsctl", run_name="__main__", alter_sys=True)
