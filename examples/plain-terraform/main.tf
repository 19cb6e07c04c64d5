terraform {
  # For the check block. OpenTofu has it in every version.
  required_version = ">= 1.5"

  required_providers {
    external = {
      source  = "hashicorp/external"
      version = "~> 2.3"
    }
  }
}

data "external" "latest_backup" {
  program = var.program

  # What is null is not passed on.
  query = {
    db_instance_id = var.db_instance_id
    region_id      = var.region_id
    restore_region = var.restore_region
    not_after      = var.not_after
    max_age_hours  = var.max_age_hours
    on_stale       = var.on_stale
  }
}

# Terraform shows what the program says only if it fails. This shows its warnings, and stops nothing.
check "backup" {
  assert {
    condition     = data.external.latest_backup.result.warnings == ""
    error_message = data.external.latest_backup.result.warnings
  }
}

# The provider of the replacement. Without account_type and endpoints it asks central services when it starts, and
# in an outage each plan waits for them. Commit .terraform.lock.hcl.
#
# provider "alicloud" {
#   region       = var.restore_region
#   account_type = "Domestic" # "International" for an account of the international site
#   endpoints {
#     rds = "rds.${var.restore_region}.aliyuncs.com"
#     vpc = "vpc.${var.restore_region}.aliyuncs.com"
#   }
# }

# The replacement, in the region of var.restore_region. Its backup_set_id is ForceNew: without ignore_changes,
# the first plan that finds a newer backup would destroy the restored database and build another one. The same
# goes for whatever else comes from the backup, and for the zone, which changes when the instance fails over
# within its region.
#
# resource "alicloud_rds_ddr_instance" "replacement" {
#   restore_type     = "BackupSet"
#   backup_set_id    = data.external.latest_backup.result.cross_backup_id
#   engine           = "MySQL"
#   engine_version   = data.external.latest_backup.result.engine_version
#   instance_name    = "orders-dr"
#   instance_type    = "rds.mysql.s3.large"
#   instance_storage = 100
#   payment_type     = "PayAsYouGo"
#   vswitch_id       = alicloud_vswitch.replacement.id
#   security_ips     = ["10.0.0.0/8"] # without, nobody can connect
#
#   timeouts {
#     create = "24h" # one that is given up half-way is tainted
#   }
#
#   lifecycle {
#     ignore_changes  = [backup_set_id, engine_version, vswitch_id, zone_id]
#     prevent_destroy = true
#   }
# }
