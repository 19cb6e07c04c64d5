package main

import (
	"testing"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf-alicloud-rds-dr/cdktf-alicloud-rds-dr-go/rdsdr"
	"github.com/cdktf-alicloud-rds-dr/cdktf-alicloud-rds-dr-go/rdsdr/alicloud"
	"github.com/hashicorp/terraform-cdk-go/cdktf"
)

func TestAnInstanceIsRestoredToAPointInTime(t *testing.T) {
	stack := newStack()
	alicloud.NewAlicloudProvider(stack, jsii.String("alicloud"), &alicloud.AlicloudProviderConfig{
		Region: jsii.String("cn-shanghai"),
	})
	backup := lookUpOrders(stack, func(props *rdsdr.LatestCrossRegionBackupProps) {
		props.RecoveryWindow = jsii.Bool(true)
	})
	until := backup.LookUp().RecoverableUntil
	instance := rdsdr.NewDisasterRecoveryInstance(stack, jsii.String("orders-dr"), &rdsdr.DisasterRecoveryInstanceProps{
		PointInTime:   &rdsdr.PointInTime{Backup: backup, RestoreTime: until},
		RegionId:      jsii.String("cn-shanghai"),
		InstanceClass: jsii.String("rds.mysql.s3.large"),
		StorageGb:     jsii.Number(100),
		VswitchId:     jsii.String("vsw-uf6xxxx"),
		PaymentType:   rdsdr.PaymentType_PAY_AS_YOU_GO,
	})
	// The resource of the bindings is there, for what the construct has no prop for.
	instance.Resource().(alicloud.RdsDdrInstance).SetTags(&map[string]*string{"drill": jsii.String("yes")})
	for name, value := range map[string]*string{
		"address": instance.ConnectionString(),
		"id":      instance.InstanceId(),
		"port":    instance.Port(),
		"time":    instance.RestoreTime(),
	} {
		cdktf.NewTerraformOutput(stack, jsii.String(name), &cdktf.TerraformOutputConfig{Value: value})
	}

	expectText(t, synthesised(stack), `"restore_time": "`+*until+`"`, `"drill": "yes"`, `"address"`, `"port"`)
}

func TestAPolicyKeepsCopiesInAnotherRegion(t *testing.T) {
	stack := newStack()
	alicloud.NewAlicloudProvider(stack, jsii.String("alicloud"), &alicloud.AlicloudProviderConfig{
		Region: jsii.String("cn-hangzhou"),
	})
	policy := rdsdr.NewCrossRegionBackupPolicy(stack, jsii.String("copies"), &rdsdr.CrossRegionBackupPolicyProps{
		DbInstanceId:      orders.DbInstanceId,
		CrossBackupRegion: jsii.String("cn-shanghai"),
	})

	policy.Resource().(alicloud.RdsInstanceCrossBackupPolicy).SetRetention(jsii.Number(30))

	expectText(t, synthesised(stack), `"alicloud_rds_instance_cross_backup_policy"`, `"cross_backup_region": "cn-shanghai"`, `"retention": 30`)
}

func TestABackupComesFromTheStateOfAnotherApp(t *testing.T) {
	stack := newStack()
	state := cdktf.NewDataTerraformRemoteStateLocal(stack, jsii.String("primary"), &cdktf.DataTerraformRemoteStateLocalConfig{
		Path: jsii.String("primary.tfstate"),
	})
	backup := rdsdr.LatestCrossRegionBackup_FromRemoteState(stack, jsii.String("orders"), &rdsdr.RemoteCrossRegionBackupProps{
		RemoteState: state,
	})
	useAll(stack, backup)

	expectText(t, synthesised(stack), `primary.outputs.orders_cross_backup_id`, `orders_restore_regions`)
}

func TestABackupIsKnownById(t *testing.T) {
	stack := newStack()
	backup := rdsdr.LatestCrossRegionBackup_FromCrossRegionBackupAttributes(stack, jsii.String("orders"),
		&rdsdr.CrossRegionBackupAttributes{
			CrossBackupId:  jsii.String("14562"),
			RestoreRegions: jsii.Strings("cn-shanghai"),
		})
	cdktf.NewTerraformOutput(stack, jsii.String("id"), &cdktf.TerraformOutputConfig{Value: backup.CrossBackupId()})

	expectText(t, synthesised(stack), `"value": "14562"`)
}
