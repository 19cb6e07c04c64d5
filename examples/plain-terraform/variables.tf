variable "db_instance_id" {
  description = "Id of the source instance, such as rm-uf6wjk5xxxx."
  type        = string
}

variable "region_id" {
  description = "Region of the source instance. Without: ALICLOUD_REGION or ALIBABA_CLOUD_REGION."
  type        = string
  default     = null
}

variable "restore_region" {
  description = "Only backups that can be restored to this region, that of the replacement."
  type        = string
}

variable "not_after" {
  description = "Only data of this time or earlier, yyyy-MM-ddTHH:mm:ssZ in UTC: for a disaster that the later backups have copied."
  type        = string
  default     = null
}

variable "max_age_hours" {
  description = "How old the data may be, hours: the recovery point objective."
  type        = number
  default     = null
}

variable "on_stale" {
  description = "What happens when the data is older: fail or warn. RDS_DR_ON_STALE beats it."
  type        = string
  default     = null
}

variable "program" {
  description = "The command that looks the backup up, if it is not what npm installed in this folder or one above it."
  type        = list(string)
  # --no: npx must not fetch a command of this name that is not installed.
  default = ["npx", "--no", "--", "rds-dr", "external"]
}
