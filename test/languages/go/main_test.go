package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdktf-alicloud-rds-dr/cdktf-alicloud-rds-dr-go/rdsdr"
	"github.com/hashicorp/terraform-cdk-go/cdktf"
)

// synthesise gives the JSON of the stack, if the lookup finds a backup of this age.
func synthesise(hoursAgo float64) *string {
	answers := rdsdr.NewTestAnswers().Latest(&orders, &rdsdr.TestBackup{
		CrossBackupId:         jsii.String("14562"),
		HoursAgo:              &hoursAgo,
		Engine:                jsii.String("mysql"),
		EngineVersion:         jsii.String("8.0"),
		DbInstanceStorageType: jsii.String("local_ssd"),
	})
	app := cdktf.Testing_App(&cdktf.TestingAppConfig{Context: answers.ToContext("")})
	return cdktf.Testing_Synth(NewRecoveryStack(app, "recovery"), nil)
}

func TestRestoresTheLatestBackup(t *testing.T) {
	stack := synthesise(2)

	restored := map[string]any{"backup_set_id": "14562", "engine": "MySQL", "engine_version": "8.0"}
	if !*cdktf.Testing_ToHaveResourceWithProperties(stack, jsii.String("alicloud_rds_ddr_instance"), &restored) {
		t.Error(*stack)
	}
}

func TestRefusesABackupThatIsTooOld(t *testing.T) {
	defer func() {
		if failure := fmt.Sprint(recover()); !strings.Contains(failure, "[BackupTooOld, not-found]") {
			t.Error(failure)
		}
	}()

	synthesise(27)
}
