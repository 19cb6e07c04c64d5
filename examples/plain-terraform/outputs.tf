output "cross_backup_id" {
  description = "Id of the cross-region backup to restore from."
  value       = data.external.latest_backup.result.cross_backup_id
}

output "restore_regions" {
  description = "Regions to which the cross-region backup can be restored."
  value       = split(",", data.external.latest_backup.result.restore_regions)
}

output "backup" {
  description = "The other facts of the cross-region backup, all of them text; what its record does not tell is empty."
  value = {
    for name, fact in data.external.latest_backup.result : name => fact
    if !contains(["cross_backup_id", "restore_regions", "warnings"], name)
  }
}
