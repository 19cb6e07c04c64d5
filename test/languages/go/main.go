// Restores the latest backup of the orders in another region.
package main

import (
	"fmt"
	"os"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf-alicloud-rds-dr/cdktf-alicloud-rds-dr-go/rdsdr"
	"github.com/cdktf-alicloud-rds-dr/cdktf-alicloud-rds-dr-go/rdsdr/alicloud"
	"github.com/hashicorp/terraform-cdk-go/cdktf"
)

// orders is the lookup of the stack; the tests pass it to the answers.
var orders = rdsdr.LatestCrossRegionBackupProps{
	DbInstanceId:  jsii.String("rm-uf6wjk5t8q2vz71ab"),
	RegionId:      jsii.String("cn-hangzhou"),
	RestoreRegion: jsii.String("cn-shanghai"),
	MaxAgeHours:   jsii.Number(26),
}

// NewRecoveryStack restores the latest backup of the orders; one that is older than a day and a bit is an error.
func NewRecoveryStack(scope constructs.Construct, id string) cdktf.TerraformStack {
	stack := cdktf.NewTerraformStack(scope, jsii.String(id))
	alicloud.NewAlicloudProvider(stack, jsii.String("alicloud"), &alicloud.AlicloudProviderConfig{
		Region: jsii.String("cn-shanghai"),
	})
	rdsdr.NewDisasterRecoveryInstance(stack, jsii.String("orders-dr"), &rdsdr.DisasterRecoveryInstanceProps{
		Backup:        rdsdr.NewLatestCrossRegionBackup(stack, jsii.String("orders"), &orders),
		RegionId:      jsii.String("cn-shanghai"),
		InstanceClass: jsii.String("rds.mysql.s3.large"),
		StorageGb:     jsii.Number(100),
		VswitchId:     jsii.String("vsw-uf6xxxx"),
		SecurityIps:   jsii.Strings("10.0.0.0/8"),
	})
	return stack
}

func main() {
	defer func() {
		failure := recover()
		jsii.Close()
		if failure != nil {
			// The message alone: a panic prints the frames of the runtime below it.
			fmt.Fprintln(os.Stderr, failure)
			os.Exit(1)
		}
	}()
	app := cdktf.NewApp(nil)
	NewRecoveryStack(app, "recovery")
	app.Synth()
}
