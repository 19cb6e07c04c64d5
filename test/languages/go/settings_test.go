package main

import (
	"os"
	"testing"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf-alicloud-rds-dr/cdktf-alicloud-rds-dr-go/rdsdr"
	"github.com/hashicorp/terraform-cdk-go/cdktf"
)

// restartKernel makes the next call start the kernel again, with the variables of that moment.
func restartKernel(t *testing.T) {
	jsii.Close()
	t.Cleanup(jsii.Close)
}

func TestSettingsAreReadFromTheEnvironmentAtTheFirstCall(t *testing.T) {
	t.Setenv("RDS_DR_MODE", "locked")
	restartKernel(t)

	failure := failureOf(t, func() { lookUpOrders(newStack(), nil).LookUp() })

	expectText(t, failure, "there is no locked answer")
}

func TestSettingsThatAreSetAfterTheFirstCallAreNotRead(t *testing.T) {
	stack := newStack()
	t.Setenv("RDS_DR_MODE", "locked")

	if *lookUpOrders(stack, nil).LookUp().CrossBackupId == "" {
		t.Error("no backup")
	}
}

func TestSettingsArePropsOrContext(t *testing.T) {
	endpoint := os.Getenv("RDS_DR_ENDPOINT")
	t.Setenv("RDS_DR_ENDPOINT", "")
	restartKernel(t)
	settings := map[string]any{"rds-dr": map[string]any{"endpoint": endpoint, "deadlineSeconds": 20}}
	app := cdktf.Testing_App(&cdktf.TestingAppConfig{Context: &settings})

	byContext := lookUpOrders(cdktf.NewTerraformStack(app, jsii.String("stack")), nil).LookUp()
	byProp := lookUpOrders(newStack(), func(props *rdsdr.LatestCrossRegionBackupProps) {
		props.Endpoint = jsii.String(endpoint)
	}).LookUp()

	if *byContext.CrossBackupId != *byProp.CrossBackupId {
		t.Errorf("%s and %s", *byContext.CrossBackupId, *byProp.CrossBackupId)
	}
}
