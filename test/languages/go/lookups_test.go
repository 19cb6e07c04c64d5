package main

import (
	"slices"
	"testing"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf-alicloud-rds-dr/cdktf-alicloud-rds-dr-go/rdsdr"
	"github.com/hashicorp/terraform-cdk-go/cdktf"
)

func TestLookUpGivesTheRecordNow(t *testing.T) {
	backup := lookUpOrders(newStack(), nil).LookUp()

	if *backup.DataTime == "" || *backup.DataTimeEstimated || *backup.Engine != "mysql" {
		t.Errorf("data time %q, estimated %v, engine %q", *backup.DataTime, *backup.DataTimeEstimated, *backup.Engine)
	}
	if regions := values(backup.RestoreRegions); !slices.Contains(regions, "cn-shanghai") {
		t.Errorf("restore regions %v", regions)
	}
	if backup.RecoverableUntil != nil || backup.RecoveryGaps != nil {
		t.Error("nobody asked for the recovery window")
	}
}

func TestTheOutputsAndTheRecordAreOfOneBackup(t *testing.T) {
	stack := newStack()
	backup := lookUpOrders(stack, nil)

	text := synthesised(stack)

	expectText(t, text, `"orders_cross_backup_id"`, `"orders_restore_regions"`, `"orders_backup"`)
	expectText(t, text, `"value": "`+*backup.LookUp().CrossBackupId+`"`)
}

func TestTryLookUpGivesNilIfThereIsNoBackup(t *testing.T) {
	if backup := lookUpOrders(newStack(), withoutBackups).TryLookUp(); backup != nil {
		t.Errorf("found %s", *backup.CrossBackupId)
	}
}

func TestCanRestoreToDecidesBetweenRegions(t *testing.T) {
	backup := lookUpOrders(newStack(), nil)

	if !*backup.CanRestoreTo(jsii.String("cn-shanghai")) || *backup.CanRestoreTo(jsii.String("cn-zhangjiakou")) {
		t.Error("the backup of the demo world can be restored to cn-shanghai, and not to cn-zhangjiakou")
	}
}

// withPreflight asks the restore region about an instance with a disk of this size.
func withPreflight(storageGb float64) func(props *rdsdr.LatestCrossRegionBackupProps) {
	return func(props *rdsdr.LatestCrossRegionBackupProps) {
		props.Preflight = &rdsdr.RestorePreflight{
			InstanceClass: jsii.String("rds.mysql.s3.large"),
			StorageGb:     &storageGb,
		}
	}
}

func TestThePreflightAsksTheRestoreRegion(t *testing.T) {
	if *lookUpOrders(newStack(), withPreflight(100)).LookUp().CrossBackupId == "" {
		t.Error("no backup")
	}
	failure := failureOf(t, func() { lookUpOrders(newStack(), withPreflight(7)) })
	expectText(t, failure, "preflight.storageGb must be 5 to 2000 GB in steps of 5, but is 7")
}

func TestTheRecoveryWindowEndsAfterTheDataTime(t *testing.T) {
	stack := newStack()
	lookup := lookUpOrders(stack, func(props *rdsdr.LatestCrossRegionBackupProps) {
		props.RecoveryWindow = jsii.Bool(true)
		props.MaxRecoverableAgeHours = jsii.Number(26)
	})
	backup := lookup.LookUp()

	if *backup.RecoverableUntil <= *backup.DataTime {
		t.Errorf("from %s until %s", *backup.DataTime, *backup.RecoverableUntil)
	}
	if gaps := *backup.RecoveryGaps; len(gaps) > 0 {
		t.Errorf("%d gaps, the first from %s", len(gaps), *gaps[0].Start)
	}
	useAll(stack, lookup)
	expectText(t, synthesised(stack), `"recoverableUntil": "`+*backup.RecoverableUntil+`"`)
}

func TestAListHasEveryRecordAndItsOutputs(t *testing.T) {
	stack := newStack()
	list := rdsdr.NewCrossRegionBackups(stack, jsii.String("all"), &rdsdr.CrossRegionBackupsProps{
		DbInstanceId: orders.DbInstanceId,
		RegionId:     orders.RegionId,
	})
	cdktf.NewTerraformOutput(stack, jsii.String("ids"), &cdktf.TerraformOutputConfig{Value: list.CrossBackupIds()})
	cdktf.NewTerraformOutput(stack, jsii.String("records"), &cdktf.TerraformOutputConfig{Value: list.Backups()})

	records := *list.LookUp()

	if len(records) < 2 {
		t.Fatalf("%d records", len(records))
	}
	for _, record := range records {
		if record.Unreadable == nil || record.RestoreRegions == nil {
			t.Errorf("a record without its lists: %+v", record)
		}
	}
	expectText(t, synthesised(stack), `"ids"`, `"records"`, `"all_cross_backup_ids"`, `"all_backups"`)
}
