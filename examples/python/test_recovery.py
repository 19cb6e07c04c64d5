"""Unit tests of the stacks: the answers stand in the context, so they need no network and no credentials."""

import json
import unittest
from pathlib import Path

from cdktf import App, Testing
from cdktf_alicloud_rds_dr import LatestCrossRegionBackupProps, TestAnswers as Answers
from recovery import declare_recovery, lookup_of

CONTEXT = json.loads(Path(__file__).with_name("cdktf.json").read_text())["context"]
ORDERS, LEDGER, REPORTING = CONTEXT["databases"]

MYSQL = {"engine": "mysql", "engine_version": "8.0", "db_instance_storage_type": "local_ssd"}
POSTGRESQL = {"engine": "pgsql", "engine_version": "15.0", "db_instance_storage_type": "cloud_essd"}


def props_of(database: dict) -> LatestCrossRegionBackupProps:
    return LatestCrossRegionBackupProps(**lookup_of(database))


def app_with(hours_ago: float, regions: list[str]) -> App:
    """An app whose lookups find these backups; those of the orders are so old, and can be restored to these regions."""
    answers = (
        Answers()
        .latest(props_of(ORDERS), cross_backup_id="1", hours_ago=hours_ago, restore_regions=regions, **MYSQL)
        .latest(props_of(LEDGER), cross_backup_id="2", **POSTGRESQL)
        .latest(props_of(REPORTING), cross_backup_id="3", engine="mssql", engine_version="2022_web")
        .restored(
            path="dr-cn-zhangjiakou/ledger-dr",
            db_instance_id=LEDGER["db_instance_id"],
            region_id=LEDGER["region_id"],
            restore_region=LEDGER["restore_region"],
            restored_instance_id="pgm-restored000001",
        )
    )
    return Testing.app(context={**CONTEXT, **answers.to_context()})


class TestRecovery(unittest.TestCase):
    def test_the_preferred_region_gets_the_replacement_if_the_backup_can_be_restored_there(self) -> None:
        stacks = declare_recovery(app_with(2, ["cn-shanghai", "cn-zhangjiakou"]))

        self.assertNotIn("cn-shanghai", stacks)
        restored = {"backup_set_id": "1", "engine": "MySQL", "engine_version": "8.0"}
        text = Testing.synth(stacks["cn-zhangjiakou"])
        self.assertTrue(Testing.to_have_resource_with_properties(text, "alicloud_rds_ddr_instance", restored))

    def test_else_the_region_of_the_restore_gets_it(self) -> None:
        stacks = declare_recovery(app_with(2, ["cn-shanghai"]))

        self.assertTrue(Testing.to_have_resource(Testing.synth(stacks["cn-shanghai"]), "alicloud_rds_ddr_instance"))

    def test_a_backup_that_is_too_old_is_refused(self) -> None:
        with self.assertRaisesRegex(RuntimeError, r"\[BackupTooOld, "):
            declare_recovery(app_with(27, ["cn-shanghai"]))


if __name__ == "__main__":
    unittest.main()
