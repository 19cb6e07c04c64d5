package main

import (
	"testing"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf-alicloud-rds-dr/cdktf-alicloud-rds-dr-go/rdsdr"
	"github.com/hashicorp/terraform-cdk-go/cdktf"
)

// stackOf makes a stack in an app that takes its answers from its context.
func stackOf(answers rdsdr.TestAnswers, onStale rdsdr.OnStale) cdktf.TerraformStack {
	app := cdktf.Testing_App(&cdktf.TestingAppConfig{Context: answers.ToContext(onStale)})
	return cdktf.NewTerraformStack(app, jsii.String("stack"))
}

var backupOfLastYear = rdsdr.TestBackup{
	CrossBackupId: jsii.String("14562"),
	DataTime:      jsii.String("2025-03-05T02:22:54Z"),
}

func TestAnAnswerIsTooOldUnlessTheTestAcceptsIt(t *testing.T) {
	answers := rdsdr.NewTestAnswers().Latest(&orders, &backupOfLastYear)

	failure := failureOf(t, func() { synthesised(accepting(answers, "")) })
	accepted := synthesised(accepting(answers, rdsdr.OnStale_WARN))

	expectText(t, failure, "[BackupTooOld, not-found] stack/orders: ", "more than maxAgeHours (26) ago")
	expectText(t, accepted, `"value": "14562"`)
}

// accepting is a stack with the lookup of the orders.
func accepting(answers rdsdr.TestAnswers, onStale rdsdr.OnStale) cdktf.TerraformStack {
	stack := stackOf(answers, onStale)
	lookUpOrders(stack, nil)
	return stack
}

func TestEveryFactOfAnAnswerReachesTheApp(t *testing.T) {
	stack := stackOf(rdsdr.NewTestAnswers().Latest(&orders, &rdsdr.TestBackup{
		CrossBackupId:      jsii.String("14562"),
		DataTime:           jsii.String("2026-03-05T02:22:54Z"),
		CrossBackupSetSize: jsii.Number(5_312_801_774),
		RestoreRegions:     jsii.Strings("cn-shanghai", "cn-zhangjiakou"),
		RecoverableFrom:    jsii.String("2026-03-05T02:22:54Z"),
		RecoverableUntil:   jsii.String("2026-03-05T04:00:00Z"),
		RecoveryGaps: &[]*rdsdr.RecoveryGap{
			{Start: jsii.String("2026-03-05T04:00:00Z"), End: jsii.String("2026-03-05T05:00:00Z")},
		},
	}), rdsdr.OnStale_WARN)

	backup := lookUpOrders(stack, nil).LookUp()

	if *backup.CrossBackupSetSize != 5_312_801_774 || len(*backup.RestoreRegions) != 2 {
		t.Errorf("size %f, regions %v", *backup.CrossBackupSetSize, values(backup.RestoreRegions))
	}
	if gaps := *backup.RecoveryGaps; len(gaps) != 1 || *gaps[0].End != "2026-03-05T05:00:00Z" {
		t.Errorf("%d gaps", len(gaps))
	}
}

func TestAnAnswerSaysThatThereIsNoBackup(t *testing.T) {
	backup := lookUpOrders(stackOf(rdsdr.NewTestAnswers().NoBackup(&orders), ""), nil)

	if backup.TryLookUp() != nil {
		t.Error("there is a backup")
	}
}

func TestAnAnswerIsAListOfRecords(t *testing.T) {
	props := &rdsdr.CrossRegionBackupsProps{DbInstanceId: orders.DbInstanceId, RegionId: orders.RegionId}
	answers := rdsdr.NewTestAnswers().List(props, &[]*rdsdr.TestBackup{&backupOfLastYear})

	list := rdsdr.NewCrossRegionBackups(stackOf(answers, ""), jsii.String("all"), props)

	if records := *list.LookUp(); len(records) != 1 || *records[0].CrossBackupId != "14562" {
		t.Errorf("%d records", len(records))
	}
}

func TestAnAnswerSaysThatTheCommandRestoredAnInstance(t *testing.T) {
	answers := rdsdr.NewTestAnswers().
		Latest(&orders, &rdsdr.TestBackup{
			CrossBackupId:         jsii.String("14562"),
			Engine:                jsii.String("mysql"),
			EngineVersion:         jsii.String("8.0"),
			DbInstanceStorageType: jsii.String("local_ssd"),
		}).
		Restored(&rdsdr.TestRestore{
			Path:               jsii.String("dr-cn-shanghai/orders-dr"),
			DbInstanceId:       orders.DbInstanceId,
			RegionId:           orders.RegionId,
			RestoreRegion:      orders.RestoreRegion,
			RestoredInstanceId: jsii.String("rm-uf6restored"),
		})
	app := cdktf.Testing_App(&cdktf.TestingAppConfig{Context: answers.ToContext("")})

	text := synthesised(newRecoveryStack(app))

	expectText(t, text, `"id": "rm-uf6restored"`, `"alicloud_db_instance"`)
}

func TestAnUnansweredLookupPrintsItsQuestion(t *testing.T) {
	stack := stackOf(rdsdr.NewTestAnswers(), "")

	failure := failureOf(t, func() { lookUpOrders(stack, nil).LookUp() })

	expectText(t, failure, `[NotLocked, misuse] stack/orders: there is no locked answer "latest rm-uf6wjk5t8q2vz71ab regionId=cn-hangzhou`)
}
