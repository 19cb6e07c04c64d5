"""Starts the simulator with the command that pip installed, and sets its three variables in this process.

To be imported before the package: the runtime of jsii copies the environment when it starts.
"""

import atexit
import os
import subprocess
import sys
from pathlib import Path

COMMAND = str(Path(sys.executable).parent / "rds-dr")


class Simulator:
    """A simulator in a process of its own, which ends with this one."""

    def __init__(self, *options: str) -> None:
        # What it says besides its variables would come between the results of the tests.
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen([COMMAND, "simulate", *options], text=True, **streams)
        atexit.register(self.process.terminate)
        lines = [self.process.stdout.readline() for _ in range(3)]
        self.environment = dict(line.removeprefix("export ").strip().split("=", 1) for line in lines)
        self.endpoint = self.environment["RDS_DR_ENDPOINT"]


for name in [each for each in os.environ if each.startswith(("ALICLOUD_", "ALIBABA_CLOUD_", "RDS_DR_"))]:
    del os.environ[name]
demo = Simulator()
os.environ.update(demo.environment)
