"""The command that pip installs, with an app in Python."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import simulator

EXAMPLE = Path(os.environ["EXAMPLE"])

SYNTH = [*json.loads(os.environ["COMMAND_OF_FRAMEWORK"]), "synth"]

# The app is run by `python3`, which must be the one that has the package.
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


def run(*command: str, cwd: Path | None = None, **variables: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, "PATH": PATH, "CHECKPOINT_DISABLE": "1", **variables}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)


class TestTheCommand(unittest.TestCase):
    def test_it_starts_and_passes_results_on(self) -> None:
        source = ["--db-instance-id", "rm-uf6wjk5t8q2vz71ab", "--region-id", "cn-hangzhou"]

        # In a folder without a cdktf.json.
        found = run("rds-dr", "lookup", *source, "--restore-region", "cn-shanghai", "--json", cwd=Path("/"))

        self.assertEqual((found.returncode, found.stderr), (0, ""))
        self.assertEqual(json.loads(found.stdout)["lookups"][0]["backup"]["crossBackupId"], "12490124")

    def test_it_passes_exit_codes_on_and_names_itself_as_pip_does(self) -> None:
        self.assertEqual(run("rds-dr", "lookup", "--no-such-option").returncode, 2)
        with tempfile.TemporaryDirectory() as folder:
            lock = Path(folder, "rds-dr.lock.json")
            lock.write_text("{")

            broken = run("rds-dr", "check", "--lock-file", str(lock))

        self.assertEqual(broken.returncode, 2)
        self.assertIn('run "rds-dr refresh"', broken.stderr)
        self.assertNotIn("npx", broken.stderr)

    def test_a_signal_reaches_it(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            started = simulator.Simulator()
            started.process.send_signal(number)

            self.assertEqual(started.process.wait(10), 0)
            with self.assertRaises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", int(started.endpoint.rsplit(":")[-1])))

    def test_without_node_it_says_what_to_install(self) -> None:
        without = run(simulator.COMMAND, "--version", JSII_NODE="/nowhere/node")

        self.assertEqual(without.returncode, 1)
        self.assertIn("cannot run /nowhere/node: install Node", without.stderr)


class TestAnAppInPython(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.app = Path(folder.name, "app")
        shutil.copytree(EXAMPLE, self.app)

    def check(self, *command: str, **variables: str) -> subprocess.CompletedProcess:
        done = run(*command, cwd=self.app, **variables)
        self.assertEqual(done.returncode, 0, f"{command}: {done.stdout}{done.stderr}")
        return done

    def stack(self, name: str) -> dict:
        return json.loads((self.app / "cdktf.out" / "stacks" / name / "cdk.tf.json").read_text())

    def test_it_is_restored_refreshed_checked_and_synthesised(self) -> None:
        self.assertIn("pgm-restored000001", self.check("rds-dr", "restore", "--yes").stdout)
        self.check("rds-dr", "refresh")
        lock = json.loads((self.app / "rds-dr.lock.json").read_text())
        self.assertEqual(len(lock["answers"]), 3)
        self.assertEqual(self.check("rds-dr", "refresh", "--check").returncode, 0)
        self.check("rds-dr", "check")

        # Locked, so that no answer can come from the simulator.
        self.check(*SYNTH, RDS_DR_MODE="locked")

        orders = self.stack("dr-cn-shanghai")["resource"]["alicloud_rds_ddr_instance"]["orders-dr"]
        self.assertEqual((orders["backup_set_id"], orders["engine"]), ("12490124", "MySQL"))
        self.assertEqual(orders["vswitch_id"], "${alicloud_vswitch.vswitch.id}")
        imported = [{"id": "pgm-restored000001", "to": "alicloud_db_instance.ledger-dr"}]
        self.assertEqual(self.stack("dr-cn-zhangjiakou")["import"], imported)
        reporting = self.stack("dr-cn-shenzhen")["resource"]["alicloud_rds_ddr_instance"]["reporting-dr"]
        self.assertEqual(reporting["db_instance_storage_type"], "cloud_essd")

    def test_a_report_is_about_what_it_looks_up(self) -> None:
        made = run("rds-dr", "report", "--restore-region", "cn-shanghai", "--json", cwd=self.app)

        facts = ("dbInstanceId", "crossBackupId", "objectiveHours")
        reported = [tuple(each[fact] for fact in facts) for each in json.loads(made.stdout)["instances"]]
        self.assertEqual(reported, [("rm-uf6wjk5t8q2vz71ab", "12490124", 26)])

    def test_what_fails_is_shown_with_its_reason(self) -> None:
        failed = run(*SYNTH, cwd=self.app, RDS_DR_MODE="locked")

        self.assertEqual(failed.returncode, 1)
        reason = r'RuntimeError: LookupErrors: 3 lookups failed\s+\[NotLocked, misuse\] lookup/orders: .*\s+-> .*"rds-dr refresh"'
        self.assertRegex(failed.stdout + failed.stderr, reason)

    def test_its_own_tests_pass(self) -> None:
        without = {"RDS_DR_ENDPOINT": "", "ALIBABA_CLOUD_ACCESS_KEY_ID": "", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": ""}

        self.assertRegex(self.check("python3", "-m", "unittest", "-v", **without).stderr, r"Ran 3 tests")


if __name__ == "__main__":
    unittest.main()
