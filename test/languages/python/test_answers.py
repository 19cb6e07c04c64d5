"""The answers of a unit test: in the context of the app, without a network."""

import json
import unittest

import simulator
from cdktf import TerraformStack, Testing
from cdktf_alicloud_rds_dr import (
    CrossRegionBackups,
    CrossRegionBackupsProps,
    DisasterRecoveryInstance,
    DiscoveredInstances,
    DiscoveredInstancesProps,
    LatestCrossRegionBackup,
    LatestCrossRegionBackupProps,
    OnStale,
    RecoveryGap,
    SourceInstance,
    TestAnswers as Answers,  # A class whose name begins with Test would be taken for tests.
    TestBackup as Backup,
)
from cdktf_alicloud_rds_dr.alicloud import AlicloudProvider

ORDERS = {"db_instance_id": "rm-uf6wjk5xxxx", "region_id": "cn-hangzhou", "restore_region": "cn-shanghai"}
PROPS = LatestCrossRegionBackupProps(**ORDERS)


def stack_with(answers: Answers, on_stale: OnStale | None = None) -> TerraformStack:
    return TerraformStack(Testing.app(context=answers.to_context(on_stale)), "dr")


class TestTheAnswers(unittest.TestCase):
    def test_a_backup_is_found_without_the_api(self) -> None:
        gap = RecoveryGap(start="2026-03-05T02:22:54Z", end="2026-03-05T03:22:54Z")
        answers = Answers().latest(PROPS, cross_backup_id="14562", hours_ago=2, engine="mysql", recovery_gaps=[gap])

        backup = LatestCrossRegionBackup(stack_with(answers), "orders", **ORDERS, max_age_hours=26).look_up()

        self.assertEqual((backup.cross_backup_id, backup.engine), ("14562", "mysql"))
        self.assertEqual(backup.recovery_gaps[0].end, gap.end)

    def test_there_may_be_no_backup(self) -> None:
        stack = stack_with(Answers().no_backup(**ORDERS))
        backup = LatestCrossRegionBackup(stack, "orders", **ORDERS)

        self.assertIsNone(backup.try_look_up())
        with self.assertRaisesRegex(RuntimeError, r"\[NoValidBackup, not-found\] dr/orders: "):
            backup.look_up()

    def test_records_are_listed(self) -> None:
        props = {"db_instance_id": "rm-uf6wjk5xxxx", "region_id": "cn-hangzhou"}
        backups = [Backup(cross_backup_id="7", hours_ago=2), Backup(cross_backup_id="6", backup_set_status=1)]

        stack = stack_with(Answers().list(CrossRegionBackupsProps(**props), backups))

        records = CrossRegionBackups(stack, "all", **props).look_up()
        self.assertEqual([record.cross_backup_id for record in records], ["7", "6"])

    def test_instances_are_discovered_by_their_tags(self) -> None:
        props = {"region_id": "cn-hangzhou", "tags": {"dr": "true", "team": "shop's own"}}
        orders = SourceInstance(db_instance_id="rm-uf6wjk5xxxx", region_id="cn-hangzhou", log_backup_enabled=False)

        stack = stack_with(Answers().instances(DiscoveredInstancesProps(**props), [orders]))

        [found] = DiscoveredInstances(stack, "fleet", **props).look_up()
        self.assertEqual((found.db_instance_id, found.log_backup_enabled), ("rm-uf6wjk5xxxx", False))
        self.assertIsNone(found.engine)
        with self.assertRaisesRegex(RuntimeError, r"\[NotLocked, misuse\] dr/others: .* only \"instances cn-hangzhou"):
            DiscoveredInstances(stack, "others", region_id="cn-hangzhou").look_up()

    def test_a_backup_may_be_too_old(self) -> None:
        answers = Answers().latest(PROPS, cross_backup_id="14562", data_time="2026-03-05T02:22:54Z")

        accepted = LatestCrossRegionBackup(stack_with(answers, OnStale.WARN), "orders", **ORDERS, max_age_hours=26)

        self.assertEqual(accepted.look_up().data_time, "2026-03-05T02:22:54Z")

    def test_a_restored_postgresql_is_imported(self) -> None:
        source = {"db_instance_id": "pgm-2zec4x8n5m1k7y3wq", "region_id": "cn-beijing", "restore_region": "cn-zhangjiakou"}
        facts = {"engine": "pgsql", "engine_version": "15.0", "db_instance_storage_type": "cloud_essd"}
        answers = (
            Answers()
            .latest(LatestCrossRegionBackupProps(**source), cross_backup_id="20771897", **facts)
            .restored(**source, path="dr/ledger-dr", restored_instance_id="pgm-restored000001")
        )
        stack = stack_with(answers)
        AlicloudProvider(stack, "alicloud", region="cn-zhangjiakou")
        instance = DisasterRecoveryInstance(
            stack,
            "ledger-dr",
            backup=LatestCrossRegionBackup(stack, "ledger", **source),
            region_id="cn-zhangjiakou",
            instance_class="pg.n2.medium.2c",
            storage_gb=100,
            vswitch_id="vsw-8vbxxxx",
            vpc_id="vpc-8vbxxxx",
            zone_id="cn-zhangjiakou-a",
            security_ips=["10.0.0.0/8"],
        )

        instance.resource.add_override("tags.team", "payments")

        synthesised = json.loads(Testing.synth(stack))

        self.assertEqual(synthesised["import"], [{"id": "pgm-restored000001", "to": "alicloud_db_instance.ledger-dr"}])
        self.assertEqual(synthesised["resource"]["alicloud_db_instance"]["ledger-dr"]["tags"], {"team": "payments"})

    def test_a_misspelt_prop_or_fact_is_an_error(self) -> None:
        with self.assertRaises(TypeError):
            LatestCrossRegionBackupProps(**ORDERS, max_age=26)
        with self.assertRaises(TypeError):
            Answers().latest(PROPS, cross_backup_id="14562", hour_ago=2)

    def test_what_a_lock_file_contains_may_stand_in_the_context(self) -> None:
        lock = '{"latest rm-uf6wjk5xxxx regionId=cn-hangzhou": {"backup": {"crossBackupId": "14562", "dataTime": "2026-03-05T02:22:54Z", "restoreRegions": ["cn-shanghai"]}}}'
        context = {"rds-dr": {"mode": "locked", "answers": json.loads(lock), "deadlineSeconds": 5}}
        stack = TerraformStack(Testing.app(context=context), "dr")

        backup = LatestCrossRegionBackup(stack, "orders", db_instance_id="rm-uf6wjk5xxxx", region_id="cn-hangzhou")

        self.assertEqual(backup.look_up().cross_backup_id, "14562")


if __name__ == "__main__":
    unittest.main()
