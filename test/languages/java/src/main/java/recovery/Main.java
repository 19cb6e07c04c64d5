package recovery;

import com.hashicorp.cdktf.App;
import com.hashicorp.cdktf.TerraformStack;
import io.github.cdktfalicloudrdsdr.DisasterRecoveryInstance;
import io.github.cdktfalicloudrdsdr.LatestCrossRegionBackup;
import io.github.cdktfalicloudrdsdr.LatestCrossRegionBackupProps;
import io.github.cdktfalicloudrdsdr.alicloud.AlicloudProvider;
import java.util.List;
import software.constructs.Construct;

/** Restores the latest backup of the orders in another region. */
public final class Main {
    /** The lookup of the stack; the tests pass it to the answers. */
    static final LatestCrossRegionBackupProps ORDERS = LatestCrossRegionBackupProps.builder()
        .dbInstanceId("rm-uf6wjk5t8q2vz71ab")
        .regionId("cn-hangzhou")
        .restoreRegion("cn-shanghai")
        .maxAgeHours(26)
        .build();

    /** Restores the latest backup of the orders; an older one than a day and a bit is an error. */
    static final class RecoveryStack extends TerraformStack {
        RecoveryStack(final Construct scope, final String id) {
            super(scope, id);
            AlicloudProvider.Builder.create(this, "alicloud").region("cn-shanghai").build();
            DisasterRecoveryInstance.Builder.create(this, "orders-dr")
                .backup(new LatestCrossRegionBackup(this, "orders", ORDERS))
                .regionId("cn-shanghai")
                .instanceClass("rds.mysql.s3.large")
                .storageGb(100)
                .vswitchId("vsw-uf6xxxx")
                .securityIps(List.of("10.0.0.0/8"))
                .build();
        }
    }

    public static void main(final String[] arguments) {
        final App app = new App();
        new RecoveryStack(app, "recovery");
        app.synth();
    }

    private Main() { }
}
