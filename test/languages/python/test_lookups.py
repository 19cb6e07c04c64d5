"""The constructs, against the simulator."""

import json
import os
import unittest
from pathlib import Path

import simulator
from cdktf import App, DataTerraformRemoteStateLocal, TerraformOutput, TerraformStack, Testing
from cdktf_alicloud_rds_dr import (
    CrossRegionBackup,
    CrossRegionBackupPolicy,
    CrossRegionBackups,
    DiscoveredInstances,
    DisasterRecoveryInstance,
    LatestCrossRegionBackup,
    OnStale,
    PaymentType,
    PointInTime,
    RestorePreflight,
    RestoreVia,
)
from cdktf_alicloud_rds_dr.alicloud import AlicloudProvider, AlicloudProviderEndpoints

ORDERS = {"db_instance_id": "rm-uf6wjk5t8q2vz71ab", "region_id": "cn-hangzhou", "restore_region": "cn-shanghai"}
REPLACEMENT = {"instance_class": "rds.mysql.s3.large", "storage_gb": 100}
INSTANCE = {**REPLACEMENT, "region_id": "cn-shanghai", "vswitch_id": "vsw-uf6xxxx", "security_ips": ["10.0.0.0/8"]}


def synthesised(stack: TerraformStack) -> dict:
    return json.loads(Testing.synth(stack))


def facts_of(struct: object) -> dict:
    """Reads every property that the class of a struct has."""
    names = [name for name, value in vars(type(struct)).items() if isinstance(value, property)]
    return {name: getattr(struct, name) for name in names}


class TestLookups(unittest.TestCase):
    def setUp(self) -> None:
        self.stack = TerraformStack(Testing.app(), "lookup")

    def test_the_latest_backup_is_found_and_every_fact_of_it_can_be_read(self) -> None:
        backup = LatestCrossRegionBackup(self.stack, "orders", **ORDERS, max_age_hours=26, recovery_window=True)

        facts = facts_of(backup.look_up())

        self.assertEqual(facts["cross_backup_id"], "12490124")
        self.assertEqual(facts["restore_regions"], ["cn-hangzhou", "cn-shanghai"])
        self.assertEqual((facts["unreadable"], facts["recovery_gaps"]), ([], []))
        self.assertLess(facts["data_time"], facts["recoverable_until"])
        self.assertTrue(backup.can_restore_to("cn-shanghai"))
        self.assertEqual(backup.try_look_up().cross_backup_id, "12490124")

    def test_attributes_are_tokens_for_any_construct(self) -> None:
        backup = LatestCrossRegionBackup(self.stack, "orders", **ORDERS)
        names = [name for name, value in vars(CrossRegionBackup).items() if isinstance(value, property)]
        known = [name for name in names if not name.startswith("recoverable_")]
        for name in known:
            TerraformOutput(self.stack, name, value=getattr(backup, name))

        outputs = synthesised(self.stack)["output"]

        self.assertEqual(outputs["cross_backup_id"]["value"], "12490124")
        self.assertEqual(outputs["orders_cross_backup_id"]["value"], "12490124")
        self.assertEqual(outputs["cross_backup_set_size"]["value"], 5312801774)
        self.assertEqual(outputs["restore_regions"]["value"], ["cn-hangzhou", "cn-shanghai"])
        self.assertEqual(len(known), 14)

    def test_unreadable_fields_and_gaps_arrive(self) -> None:
        odd = simulator.Simulator("--world", str(Path(__file__).with_name("world.json")))
        source = {"db_instance_id": "rm-odd", "region_id": "cn-hangzhou", "endpoint": odd.endpoint}

        found = LatestCrossRegionBackup(self.stack, "odd", **source, recovery_window=True).look_up()
        [record] = CrossRegionBackups(self.stack, "all", **source).look_up()

        self.assertEqual([facts_of(each) for each in found.unreadable], [{"field": "CrossBackupSetSize", "value": "rather large"}])
        self.assertEqual([each.field for each in record.unreadable], ["CrossBackupSetSize"])
        [gap] = found.recovery_gaps
        self.assertEqual(gap.start, found.recoverable_until)
        self.assertLess(gap.start, gap.end)

    def test_the_instances_of_a_region_are_discovered(self) -> None:
        found = DiscoveredInstances(self.stack, "fleet", region_id="cn-hangzhou", all=True).look_up()

        self.assertIn(ORDERS["db_instance_id"], [each.db_instance_id for each in found])

    def test_every_record_is_listed(self) -> None:
        listed = CrossRegionBackups(self.stack, "all", db_instance_id=ORDERS["db_instance_id"], region_id="cn-hangzhou")

        records = listed.look_up()

        self.assertEqual(records[0].cross_backup_id, "12490130")
        self.assertIn("12490124", [facts_of(record)["cross_backup_id"] for record in records])
        TerraformOutput(self.stack, "ids", value=listed.cross_backup_ids)
        TerraformOutput(self.stack, "backups", value=listed.backups)
        outputs = synthesised(self.stack)["output"]
        self.assertEqual(outputs["ids"], {"value": outputs["all_cross_backup_ids"]["value"]})
        self.assertEqual(len(outputs["backups"]["value"]), len(records))

    def test_a_preflight_asks_the_region_of_the_restore(self) -> None:
        for index, preflight in enumerate([RestorePreflight(**REPLACEMENT), REPLACEMENT]):
            backup = LatestCrossRegionBackup(self.stack, f"orders{index}", **ORDERS, preflight=preflight)
            self.assertEqual(backup.look_up().cross_backup_id, "12490124")

    def test_an_outdated_backup_can_be_accepted(self) -> None:
        stale = {"db_instance_id": "rm-bp1c7h3x9k2stale5", "region_id": "cn-hangzhou", "max_age_hours": 26}

        accepted = LatestCrossRegionBackup(self.stack, "accepted", **stale, on_stale=OnStale.WARN)

        self.assertTrue(accepted.look_up().cross_backup_id)
        with self.assertRaisesRegex(RuntimeError, r"\[BackupTooOld, "):
            LatestCrossRegionBackup(self.stack, "refused", **stale).look_up()

    def test_no_backup_is_none_if_the_app_asks_for_that(self) -> None:
        empty = {"db_instance_id": "rm-bp1t6m4v8z1empty2", "region_id": "cn-hangzhou"}

        self.assertIsNone(LatestCrossRegionBackup(self.stack, "empty", **empty).try_look_up())
        self.assertNotIn("output", synthesised(self.stack))


class TestRestores(unittest.TestCase):
    def setUp(self) -> None:
        self.stack = TerraformStack(Testing.app(), "dr")
        endpoints = [AlicloudProviderEndpoints(rds="rds.cn-shanghai.aliyuncs.com")]
        AlicloudProvider(self.stack, "alicloud", region="cn-shanghai", account_type="Domestic", endpoints=endpoints)

    def restored(self, name: str) -> dict:
        return synthesised(self.stack)["resource"]["alicloud_rds_ddr_instance"][name]

    def test_an_instance_is_restored_from_a_lookup(self) -> None:
        backup = LatestCrossRegionBackup(self.stack, "orders", **ORDERS)
        instance = DisasterRecoveryInstance(
            self.stack, "orders-dr", backup=backup, **INSTANCE, payment_type=PaymentType.SUBSCRIPTION, subscription_months=1
        )
        for name in ("instance_id", "connection_string", "port", "backup_set_id"):
            TerraformOutput(self.stack, name, value=getattr(instance, name))

        resource = self.restored("orders-dr")

        expected = {"backup_set_id": "12490124", "engine": "MySQL", "payment_type": "Subscription", "restore_type": "BackupSet"}
        self.assertEqual(resource, {**resource, **expected})
        self.assertTrue(resource["lifecycle"]["prevent_destroy"])

    def test_an_instance_is_restored_to_a_point_in_time(self) -> None:
        backup = LatestCrossRegionBackup(self.stack, "orders", **ORDERS, recovery_window=True)
        until = backup.look_up().recoverable_until
        point = PointInTime(backup=backup, restore_time=until)
        DisasterRecoveryInstance(self.stack, "orders-dr", point_in_time=point, **INSTANCE)

        resource = self.restored("orders-dr")

        self.assertEqual((resource["restore_type"], resource["restore_time"]), ("BackupTime", until))

    def test_its_resource_can_be_reached(self) -> None:
        backup = LatestCrossRegionBackup(self.stack, "orders", **ORDERS)
        instance = DisasterRecoveryInstance(self.stack, "orders-dr", backup=backup, **INSTANCE)

        instance.resource.add_override("tags.team", "payments")

        self.assertEqual(self.restored("orders-dr")["tags"], {"team": "payments"})

    def test_a_known_backup_is_restored(self) -> None:
        known = {"cross_backup_id": "14562", "restore_regions": ["cn-shanghai"], "db_instance_storage_type": "ssd"}
        backup = LatestCrossRegionBackup.from_cross_region_backup_attributes(
            self.stack, "orders", **known, engine="mysql", engine_version="8.0"
        )
        DisasterRecoveryInstance(self.stack, "orders-dr", backup=backup, **INSTANCE)

        self.assertIsInstance(backup, CrossRegionBackup)
        self.assertEqual(backup.restore_regions, ["cn-shanghai"])
        self.assertEqual(self.restored("orders-dr")["backup_set_id"], "14562")

    def test_a_backup_in_the_state_of_another_app_is_restored(self) -> None:
        state = DataTerraformRemoteStateLocal(self.stack, "primary", path="lookup.tfstate")
        backup = LatestCrossRegionBackup.from_remote_state(self.stack, "orders", remote_state=state)
        DisasterRecoveryInstance(self.stack, "orders-dr", backup=backup, **INSTANCE, storage_type="local_ssd")

        self.assertIn("orders_cross_backup_id", json.dumps(synthesised(self.stack)))
        self.assertIn("terraform_data", self.restored("orders-dr")["backup_set_id"])

    def test_an_instance_that_is_imported_needs_the_command_first(self) -> None:
        backup = LatestCrossRegionBackup(self.stack, "orders", **ORDERS)
        DisasterRecoveryInstance(
            self.stack, "orders-dr", backup=backup, **INSTANCE, via=RestoreVia.IMPORT, zone_id="cn-shanghai-b", vpc_id="vpc-uf6xxxx"
        )

        with self.assertRaisesRegex(RuntimeError, r'run "rds-dr restore dr/orders-dr"'):
            synthesised(self.stack)

    def test_the_policy_of_the_source_is_declared(self) -> None:
        declared = CrossRegionBackupPolicy(
            self.stack, "policy", db_instance_id="rm-uf6wjk5xxxx", cross_backup_region="cn-beijing", retention_days=30
        )
        declared.resource.add_override("log_backup_enabled", "Enable")

        policy = synthesised(self.stack)["resource"]["alicloud_rds_instance_cross_backup_policy"]["policy"]

        self.assertEqual((policy["instance_id"], policy["retention"]), ("rm-uf6wjk5xxxx", 30))
        self.assertEqual(policy["log_backup_enabled"], "Enable")


class TestApp(unittest.TestCase):
    def test_a_whole_app_is_synthesised(self) -> None:
        app = App(outdir=os.path.join(os.environ["TMPDIR"], "cdktf.out"))
        lookup = TerraformStack(app, "lookup")
        backup = LatestCrossRegionBackup(lookup, "orders", **ORDERS)
        recovery = TerraformStack(app, "dr")
        AlicloudProvider(recovery, "alicloud", region="cn-shanghai")
        DisasterRecoveryInstance(recovery, "orders-dr", backup=backup, **INSTANCE)

        app.synth()

        stack = json.loads(Path(app.outdir, "stacks", "dr", "cdk.tf.json").read_text())
        self.assertEqual(stack["resource"]["alicloud_rds_ddr_instance"]["orders-dr"]["backup_set_id"], "12490124")


if __name__ == "__main__":
    unittest.main()
