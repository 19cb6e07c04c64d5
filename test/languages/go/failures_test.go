package main

import (
	"testing"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf-alicloud-rds-dr/cdktf-alicloud-rds-dr-go/rdsdr"
	"github.com/hashicorp/terraform-cdk-go/cdktf"
)

func TestAWrongPropIsNamedWithItsPathAndWhatToDo(t *testing.T) {
	failure := failureOf(t, func() {
		lookUpOrders(newStack(), func(props *rdsdr.LatestCrossRegionBackupProps) {
			props.DbInstanceId = jsii.String("rm orders")
		})
	})

	expectText(t, failure, "[InvalidRequest, misuse] stack/orders: dbInstanceId must be the id of an RDS instance", `but is "rm orders"`, "\n  -> correct dbInstanceId")
}

func TestAFailedLookupSaysWhatWhereAndWhatToDo(t *testing.T) {
	for name, action := range map[string]func(stack cdktf.TerraformStack, backup rdsdr.LatestCrossRegionBackup){
		"LookUp":    func(_ cdktf.TerraformStack, backup rdsdr.LatestCrossRegionBackup) { backup.LookUp() },
		"synthesis": func(stack cdktf.TerraformStack, _ rdsdr.LatestCrossRegionBackup) { synthesised(stack) },
	} {
		t.Run(name, func(t *testing.T) {
			stack := newStack()
			backup := lookUpOrders(stack, withoutBackups)

			failure := failureOf(t, func() { action(stack, backup) })

			expectText(t, failure, `[NoValidBackup, not-found] stack/orders: no valid full backup of "rm-bp1t6m4v8z1empty2"`, "\n  -> check that cross-region backup is enabled")
		})
	}
}

func TestEveryFailedLookupOfASynthesisIsNamed(t *testing.T) {
	stack := newStack()
	lookUpOrders(stack, withoutBackups)
	other := orders
	other.DbInstanceId = jsii.String("rm-bp1unknown")
	rdsdr.NewLatestCrossRegionBackup(stack, jsii.String("other"), &other)

	failure := failureOf(t, func() { synthesised(stack) })

	expectText(t, failure, "2 lookups failed", "\n\n[NoValidBackup, not-found] stack/orders: ", "stack/other: ")
}
