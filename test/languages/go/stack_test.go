// main.go and main_test.go are the programs in Go of docs/languages.md; scripts/languages/go.mjs puts them beside this
// file. The tests ask `rds-dr simulate`, which serves its demo world, and run with the variables that it prints. Those
// of answers_test.go and main_test.go need no API.

package main

import (
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf-alicloud-rds-dr/cdktf-alicloud-rds-dr-go/rdsdr"
	"github.com/hashicorp/terraform-cdk-go/cdktf"
)

// newStack makes a stack in an app that writes nothing.
func newStack() cdktf.TerraformStack {
	return cdktf.NewTerraformStack(cdktf.Testing_App(nil), jsii.String("stack"))
}

// lookUpOrders declares the lookup of a MySQL instance of the demo world, with these changes.
func lookUpOrders(stack cdktf.TerraformStack, change func(props *rdsdr.LatestCrossRegionBackupProps)) rdsdr.LatestCrossRegionBackup {
	props := orders
	if change != nil {
		change(&props)
	}
	return rdsdr.NewLatestCrossRegionBackup(stack, jsii.String("orders"), &props)
}

// withoutBackups names an instance of the demo world that has none.
func withoutBackups(props *rdsdr.LatestCrossRegionBackupProps) {
	props.DbInstanceId = jsii.String("rm-bp1t6m4v8z1empty2")
}

// synthesised is the JSON of a stack.
func synthesised(stack cdktf.TerraformStack) string {
	return *cdktf.Testing_Synth(stack, nil)
}

// expectText fails if a text does not contain all of these.
func expectText(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("there is no %q in %s", part, text)
		}
	}
}

// values reads a list of texts.
func values(list *[]*string) []string {
	read := []string{}
	for _, text := range *list {
		read = append(read, *text)
	}
	return read
}

// useAll puts the attributes of a backup, which are tokens, into the JSON of the stack.
func useAll(stack cdktf.TerraformStack, backup rdsdr.ICrossRegionBackup) {
	cdktf.NewTerraformLocal(stack, jsii.String("used"), map[string]any{
		"backupEndTime":         backup.BackupEndTime(),
		"backupStartTime":       backup.BackupStartTime(),
		"category":              backup.Category(),
		"crossBackupId":         backup.CrossBackupId(),
		"crossBackupRegion":     backup.CrossBackupRegion(),
		"crossBackupSetFile":    backup.CrossBackupSetFile(),
		"crossBackupSetSize":    backup.CrossBackupSetSize(),
		"dataTime":              backup.DataTime(),
		"dbInstanceId":          backup.DbInstanceId(),
		"dbInstanceStorageType": backup.DbInstanceStorageType(),
		"engine":                backup.Engine(),
		"engineVersion":         backup.EngineVersion(),
		"recoverableFrom":       backup.RecoverableFrom(),
		"recoverableUntil":      backup.RecoverableUntil(),
		"regionId":              backup.RegionId(),
		"restoreRegions":        backup.RestoreRegions(),
	})
}

// failureOf is the text of what an action panics with.
func failureOf(t *testing.T, action func()) (text string) {
	t.Helper()
	defer func() {
		failure, isError := recover().(error)
		if !isError {
			t.Fatal("nothing failed")
		}
		text = failure.Error()
	}()
	action()
	return
}
