import com.hashicorp.cdktf.TerraformStack;
import com.hashicorp.cdktf.Testing;
import com.hashicorp.cdktf.TestingAppConfig;
import io.github.cdktfalicloudrdsdr.CrossRegionBackupRecord;
import io.github.cdktfalicloudrdsdr.CrossRegionBackups;
import io.github.cdktfalicloudrdsdr.DisasterRecoveryInstance;
import io.github.cdktfalicloudrdsdr.LatestCrossRegionBackup;
import io.github.cdktfalicloudrdsdr.LatestCrossRegionBackupProps;
import io.github.cdktfalicloudrdsdr.OnStale;
import io.github.cdktfalicloudrdsdr.RestorableBackup;
import io.github.cdktfalicloudrdsdr.TestAnswers;
import io.github.cdktfalicloudrdsdr.TestBackup;
import io.github.cdktfalicloudrdsdr.alicloud.AlicloudProvider;
import java.util.List;
import java.util.Map;

/** Tries the package against {@code rds-dr simulate}, whose variables are set. It ends with an exception if one fails. */
public final class Trial {
    private static final LatestCrossRegionBackupProps ORDERS = LatestCrossRegionBackupProps.builder()
        .dbInstanceId("rm-uf6wjk5t8q2vz71ab")
        .regionId("cn-hangzhou")
        .restoreRegion("cn-shanghai")
        .maxAgeHours(26)
        .build();

    public static void main(final String[] arguments) {
        looksUpTheLatestBackup();
        listsEveryRecord();
        takesTheAnswersOfATest();
        saysWhatFailed();
    }

    private static void looksUpTheLatestBackup() {
        final TerraformStack stack = new TerraformStack(Testing.app(), "stack");

        final RestorableBackup backup = new LatestCrossRegionBackup(stack, "orders", ORDERS).lookUp();

        expect(backup.getRestoreRegions().contains("cn-shanghai"), backup);
        final String value = "\"value\": \"" + backup.getCrossBackupId() + "\"";
        expect(Testing.synth(stack).contains(value), value);
    }

    private static void listsEveryRecord() {
        final TerraformStack stack = new TerraformStack(Testing.app(), "stack");

        final List<CrossRegionBackupRecord> records = CrossRegionBackups.Builder.create(stack, "all")
            .dbInstanceId(ORDERS.getDbInstanceId())
            .regionId(ORDERS.getRegionId())
            .build()
            .lookUp();

        expect(records.size() > 1 && records.get(0).getUnreadable().isEmpty(), records);
    }

    private static void takesTheAnswersOfATest() {
        final Map<String, Object> context = new TestAnswers()
            .latest(ORDERS, TestBackup.builder()
                .crossBackupId("14562")
                .dataTime("2026-03-05T02:22:54Z")
                .engine("mysql")
                .engineVersion("8.0")
                .dbInstanceStorageType("local_ssd")
                .build())
            .toContext(OnStale.WARN);
        final TestingAppConfig config = TestingAppConfig.builder().context(context).build();
        final TerraformStack stack = new TerraformStack(Testing.app(config), "stack");
        AlicloudProvider.Builder.create(stack, "alicloud").region("cn-shanghai").build();
        DisasterRecoveryInstance.Builder.create(stack, "orders-dr")
            .backup(new LatestCrossRegionBackup(stack, "orders", ORDERS))
            .regionId("cn-shanghai")
            .instanceClass("rds.mysql.s3.large")
            .storageGb(100)
            .vswitchId("vsw-uf6xxxx")
            .build();

        final String text = Testing.synth(stack);

        final Map<String, Object> restored = Map.of("backup_set_id", "14562", "engine", "MySQL");
        expect(Testing.toHaveResourceWithProperties(text, "alicloud_rds_ddr_instance", restored), text);
    }

    private static void saysWhatFailed() {
        final TerraformStack stack = new TerraformStack(Testing.app(), "stack");
        LatestCrossRegionBackup.Builder.create(stack, "orders")
            .dbInstanceId("rm-bp1t6m4v8z1empty2")
            .regionId("cn-hangzhou")
            .build();
        try {
            Testing.synth(stack);
        } catch (final RuntimeException failure) {
            expect(failure.getMessage().contains("[NoValidBackup, not-found] stack/orders: no valid full backup"), failure);
            return;
        }
        throw new AssertionError("a synthesis without a backup succeeded");
    }

    private static void expect(final boolean holds, final Object found) {
        if (!holds) {
            throw new AssertionError("found " + found);
        }
    }

    private Trial() { }
}
