"""What a Python user reads if something is wrong."""

import re
import unittest

import simulator
from cdktf import TerraformOutput, TerraformStack, Testing
from cdktf_alicloud_rds_dr import DisasterRecoveryInstance, LatestCrossRegionBackup

ORDERS = {"db_instance_id": "rm-uf6wjk5t8q2vz71ab", "region_id": "cn-hangzhou"}


def kinds_in(error: BaseException) -> list[tuple[str, str]]:
    """As the documentation says it: the code and the kind of each error in a text."""
    return re.findall(r"\[([\w.]+), ([a-z-]+)\] ", str(error))


class TestErrors(unittest.TestCase):
    def setUp(self) -> None:
        self.stack = TerraformStack(Testing.app(), "lookup")

    def failure(self, action) -> RuntimeError:
        with self.assertRaises(RuntimeError) as caught:
            action()
        return caught.exception

    def test_a_wrong_value_names_the_prop_the_construct_and_the_next_step(self) -> None:
        error = self.failure(lambda: LatestCrossRegionBackup(self.stack, "a", db_instance_id="rm orders", region_id="cn-hangzhou"))

        self.assertRegex(str(error), r'lookup/a: dbInstanceId must be the id of .*, but is "rm orders"\n  -> correct dbInstanceId')
        self.assertEqual(kinds_in(error), [("InvalidRequest", "misuse")])

    def test_a_token_cannot_be_looked_up(self) -> None:
        backup = LatestCrossRegionBackup(self.stack, "a", **ORDERS)

        error = self.failure(lambda: LatestCrossRegionBackup(self.stack, "b", db_instance_id=backup.db_instance_id, region_id="cn-hangzhou"))

        self.assertEqual(kinds_in(error), [("TokenGiven", "misuse")])

    def test_the_answer_of_rds_comes_through_with_its_request_id(self) -> None:
        gone = LatestCrossRegionBackup(self.stack, "gone", db_instance_id="rm-nobodyhasit", region_id="cn-hangzhou")
        for action in (gone.look_up, gone.try_look_up, lambda: gone.can_restore_to("cn-shanghai"), lambda: Testing.synth(self.stack)):
            error = self.failure(action)

            self.assertEqual(kinds_in(error), [("InvalidDBInstance.NotFound", "not-found")])
            self.assertRegex(str(error), r"lookup/gone: .*\(HTTP 404, request id [\w-]+\)\n  -> check dbInstanceId")

    def test_all_that_failed_is_in_one_error(self) -> None:
        LatestCrossRegionBackup(self.stack, "gone", db_instance_id="rm-nobodyhasit", region_id="cn-hangzhou")
        LatestCrossRegionBackup(self.stack, "empty", db_instance_id="rm-bp1t6m4v8z1empty2", region_id="cn-hangzhou")

        error = self.failure(lambda: Testing.synth(self.stack))

        self.assertEqual(kinds_in(error), [("InvalidDBInstance.NotFound", "not-found"), ("NoValidBackup", "not-found")])

    def test_an_endpoint_without_an_answer_is_transient(self) -> None:
        app = Testing.app(context={"rds-dr": {"deadlineSeconds": 1}})
        unreachable = LatestCrossRegionBackup(TerraformStack(app, "lookup"), "a", **ORDERS, endpoint="http://127.0.0.1:9")

        [(_, kind)] = kinds_in(self.failure(unreachable.look_up))

        self.assertEqual(kind, "transient")

    def test_no_hint_names_a_command_that_pip_does_not_install(self) -> None:
        app = Testing.app(context={"rds-dr": {"mode": "locked"}})
        missing = LatestCrossRegionBackup(TerraformStack(app, "lookup"), "a", **ORDERS)

        error = self.failure(missing.look_up)

        self.assertEqual(kinds_in(error), [("NotLocked", "misuse")])
        self.assertNotIn("npx", str(error))

    def test_a_fact_that_a_known_backup_lacks_is_an_error(self) -> None:
        known = LatestCrossRegionBackup.from_cross_region_backup_attributes(
            self.stack, "known", cross_backup_id="14562", restore_regions=["cn-shanghai"]
        )

        error = self.failure(lambda: TerraformOutput(self.stack, "out", value=known.engine))

        self.assertIn("engine of the backup 14562 is not known", str(error))
        instance = {"instance_class": "rds.mysql.s3.large", "storage_gb": 100, "vswitch_id": "vsw-uf6xxxx"}
        error = self.failure(lambda: DisasterRecoveryInstance(self.stack, "dr", backup=known, region_id="cn-shanghai", **instance))
        self.assertRegex(str(error), r"^\[UnknownFact, misuse\] lookup/known: engine, engineVersion, ")


if __name__ == "__main__":
    unittest.main()
