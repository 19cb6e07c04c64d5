# Checks synthesised stacks together with the lock file that they were synthesised from:
#   conftest test --combine --policy policy cdktf.out/stacks/*/cdk.tf.json rds-dr.lock.json
package main

import rego.v1

# No database of the fleet may lose more than this. The objectives of single ones are not in the files.
max_data_age_hours := 26

# Who pins a backup comes back to it within this time.
max_pin_age_days := 14

# A copy that expires sooner may be gone in the night in which it is needed.
min_days_left := 3

# Stacks whose instances are to be destroyed again.
drill_stacks := {"drill"}

locks := [file.contents | some file in input; is_object(file.contents.answers)]

stacks := [file | some file in input; not file.contents.answers]

deny contains "there is no lock file among the files: give rds-dr.lock.json as well, and --combine" if {
	count(locks) == 0
	not is_of_other_state
}

# Then the lock file is with the app whose state it is.
is_of_other_state if {
	count(restores) > 0
	every restore in restores {
		is_from_other_state(restore)
	}
}

deny contains "there is no stack among the files: give cdktf.out/stacks/*/cdk.tf.json as well, and --combine" if {
	count(stacks) == 0
}

deny contains msg if {
	some lock in locks
	version := object.get(lock, "version", "none")
	version != 1
	msg := sprintf("the lock file has the version %v, which this policy does not know", [version])
}

# Restores. RDS restores a backup into the first type. The second one imports what "rds-dr restore" made.

restores contains restore if {
	some file in stacks
	some name, resource in file.contents.resource.alicloud_rds_ddr_instance
	address := concat(".", ["alicloud_rds_ddr_instance", name])
	restore := {"stack": stack_of(file), "address": address, "resource": resource, "id": backup_id_of(file, resource)}
}

restores contains restore if {
	some file in stacks
	some name, resource in file.contents.resource.alicloud_db_instance
	address := concat(".", ["alicloud_db_instance", name])
	some imported in file.contents.import
	imported.to == address
	restore := {"stack": stack_of(file), "address": address, "resource": resource, "id": null}
}

stack_of(file) := object.get(file.contents, ["//", "metadata", "stackName"], file.path)

locked_ids contains answer.backup.crossBackupId if {
	some lock in locks
	some answer in lock.answers
}

# The id of the backup. A construct that reads it from the state of another app passes it on through terraform_data.
backup_id_of(file, resource) := passed_on.input.cross_backup_id if {
	some name, passed_on in file.contents.resource.terraform_data
	resource.backup_set_id == sprintf("${terraform_data.%s.input.cross_backup_id}", [name])
} else := object.get(resource, "backup_set_id", "no backup")

is_from_other_state(restore) if contains(restore.id, "data.terraform_remote_state.")

deny contains msg if {
	some restore in restores
	restore.id != null
	not restore.id in locked_ids
	not is_from_other_state(restore)
	msg := sprintf(
		"%s in %s restores from %s, which is not in the lock file: synthesise with RDS_DR_MODE=locked",
		[restore.address, restore.stack, restore.id],
	)
}

deny contains msg if {
	some restore in restores
	not restore.stack in drill_stacks
	not restore.resource.lifecycle.prevent_destroy == true
	msg := sprintf(
		"%s in %s can be destroyed by a deploy: do not switch its protection off, or add the stack to drill_stacks",
		[restore.address, restore.stack],
	)
}

# Locked answers.

backups contains {"key": key, "answer": answer, "backup": answer.backup} if {
	some lock in locks
	some key, answer in lock.answers
	is_object(answer.backup)
}

deny contains msg if {
	some lock in locks
	some key, answer in lock.answers
	endpoint := answer.endpoint
	msg := sprintf("the answer %q came from %s, not from Alibaba Cloud: refresh it without that endpoint", [key, endpoint])
}

# What is wrong with a backup is denied if a stack restores it. The others are warnings, for the report alarms: one
# database in trouble must not stop the deploys of all.

deny contains trouble.msg if {
	some trouble in troubles
	trouble.id in restored_ids
}

warn contains trouble.msg if {
	some trouble in troubles
	not trouble.id in restored_ids
}

restored_ids contains restore.id if some restore in restores

troubles contains {"id": locked.backup.crossBackupId, "msg": msg} if {
	some locked in backups
	not locked.answer.pin
	not is_at_most_days_ago(locked.backup.dataTime, max_data_age_hours / 24)
	msg := sprintf(
		"the data of the answer %q is of %s, more than %d hours ago: refresh it, and see why no newer backup was copied",
		[locked.key, locked.backup.dataTime, max_data_age_hours],
	)
}

troubles contains {"id": locked.backup.crossBackupId, "msg": msg} if {
	some locked in backups
	days := locked.answer.retentionDays
	since := object.get(locked.backup, "backupStartTime", locked.backup.dataTime)
	not is_at_most_days_ago(since, days - min_days_left)
	msg := sprintf(
		"the copy of the answer %q is deleted %d days after %s: refresh it while it is there",
		[locked.key, days, since],
	)
}

warn contains msg if {
	some lock in locks
	some key, answer in lock.answers
	answer.backup in {null, "none"}
	msg := sprintf("the answer %q has no backup: nothing can be restored", [key])
}

warn contains msg if {
	some lock in locks
	some key, answer in lock.answers
	some instance in answer.instances
	not instance.dbInstanceId in looked_up_ids
	msg := sprintf("%s is in the answer %q, but no backup of it is locked: declare a lookup", [instance.dbInstanceId, key])
}

looked_up_ids contains answer.query.dbInstanceId if {
	some lock in locks
	some answer in lock.answers
}

deny contains msg if {
	some locked in backups
	pin := locked.answer.pin
	trim_space(object.get(pin, "reason", "")) == ""
	msg := sprintf("the answer %q is pinned without a reason: pin it again with --reason", [locked.key])
}

# When it was pinned is not locked: the answer has not changed since, and that is what counts.
deny contains msg if {
	some locked in backups
	pin := locked.answer.pin
	since := object.get(locked.answer, "changedAt", locked.backup.dataTime)
	not is_at_most_days_ago(since, max_pin_age_days)
	msg := sprintf(
		"the answer %q is pinned, and the same since %s, more than %d days ago: unpin it (%s)",
		[locked.key, since, max_pin_age_days, object.get(pin, "reason", "no reason")],
	)
}

# Not so for a time that cannot be read: the rules above deny it.
is_at_most_days_ago(time_text, days) if {
	time.now_ns() - time.parse_rfc3339_ns(time_text) <= ((days * 24) * 3600) * 1000000000
}
