# Run it with: conftest verify --policy policy
package main_test

import data.main
import rego.v1

now := time.parse_rfc3339_ns("2026-03-05T12:00:00Z")

key := "latest rm-a regionId=cn-hangzhou restoreRegion=cn-shanghai"

answer := {
	"backup": {
		"backupStartTime": "2026-03-05T01:55:00Z",
		"crossBackupId": "14562",
		"dataTime": "2026-03-05T02:00:00Z",
		"restoreRegions": ["cn-shanghai"],
	},
	"changedAt": "2026-03-05T03:00:00Z",
	"query": {"dbInstanceId": "rm-a", "regionId": "cn-hangzhou", "restoreRegion": "cn-shanghai"},
	"retentionDays": 30,
}

pinned(since, reason) := object.union(answer, {"changedAt": since, "pin": {"reason": reason}})

resource := {"backup_set_id": "14562", "engine": "MySQL", "lifecycle": {"prevent_destroy": true}}

lock_of(locked) := {"path": "rds-dr.lock.json", "contents": {"version": 1, "answers": {key: locked}}}

stack_of(name, restored) := {
	"path": "cdk.tf.json",
	"contents": {
		"//": {"metadata": {"stackName": name}},
		"resource": {"alicloud_rds_ddr_instance": {"orders-dr": restored}},
	},
}

denied(files) := messages if {
	messages := main.deny with input as files
		with time.now_ns as now
}

warned(files) := messages if {
	messages := main.warn with input as files
		with time.now_ns as now
}

of_answer(locked) := denied([stack_of("dr", resource), lock_of(locked)])

of_resource(restored) := denied([stack_of("dr", restored), lock_of(answer)])

is_one(messages, text) if {
	count(messages) == 1
	some message in messages
	contains(message, text)
}

test_passes_a_protected_restore_of_a_fresh_locked_backup if {
	count(of_answer(answer)) == 0
}

test_passes_stacks_that_restore_nothing if {
	count(denied([lookups, lock_of(answer)])) == 0
}

test_denies_a_check_without_the_lock_file if {
	some message in denied([stack_of("dr", resource)])
	contains(message, "there is no lock file")
}

test_denies_a_check_without_stacks if {
	is_one(denied([lock_of(answer)]), "there is no stack")
}

test_denies_a_lock_file_of_another_version if {
	lock := {"path": "rds-dr.lock.json", "contents": {"version": 2, "answers": {key: answer}}}
	is_one(denied([stack_of("dr", resource), lock]), "has the version 2")
}

test_denies_a_restore_of_what_is_not_locked if {
	is_one(of_resource(object.union(resource, {"backup_set_id": "14563"})), "restores from 14563")
	is_one(of_resource(object.union(resource, {"backup_set_id": "${var.id}"})), "restores from ${var.id}")
	is_one(of_resource(object.remove(resource, ["backup_set_id"])), "restores from no backup")
}

# As DisasterRecoveryInstance writes it, if its backup is read from the state of another app.
passed_on(id) := {
	"path": "cdk.tf.json",
	"contents": {"resource": {
		"alicloud_rds_ddr_instance": {"orders-dr": object.union(
			resource,
			{"backup_set_id": "${terraform_data.orders-dr_backup.input.cross_backup_id}"},
		)},
		"terraform_data": {"orders-dr_backup": {"input": {"cross_backup_id": id}}},
	}},
}

test_passes_a_restore_of_an_id_in_another_state if {
	id := "${try(coalesce(data.terraform_remote_state.primary.outputs.orders_cross_backup_id), \"\")}"
	count(of_resource(object.union(resource, {"backup_set_id": id}))) == 0
	count(denied([passed_on(id)])) == 0
}

test_denies_another_id_that_is_passed_on if {
	is_one(denied([passed_on("14563"), lock_of(answer)]), "restores from 14563")
	is_one(denied([passed_on("${var.id}"), lock_of(answer)]), "restores from ${var.id}")
}

test_denies_a_restore_without_protection if {
	is_one(of_resource(object.union(resource, {"lifecycle": {"prevent_destroy": false}})), "can be destroyed")
	is_one(of_resource(object.remove(resource, ["lifecycle"])), "can be destroyed")
}

test_passes_a_drill_without_protection if {
	count(denied([stack_of("drill", object.remove(resource, ["lifecycle"])), lock_of(answer)])) == 0
}

of_imports(imports) := denied([
	{
		"path": "cdk.tf.json",
		"contents": {
			"import": imports,
			"resource": {"alicloud_db_instance": {"ledger-dr": {"engine": "PostgreSQL"}}},
		},
	},
	lock_of(answer),
])

test_denies_an_imported_restore_without_protection if {
	is_one(of_imports([{"id": "pgm-a", "to": "alicloud_db_instance.ledger-dr"}]), "can be destroyed")
	count(of_imports([])) == 0
}

test_denies_an_answer_of_a_simulator if {
	is_one(of_answer(object.union(answer, {"endpoint": "http://127.0.0.1:8080"})), "http://127.0.0.1:8080")
}

lookups := {"path": "cdk.tf.json", "contents": {"terraform": {}}}

test_warns_of_an_answer_without_a_backup if {
	every none in [null, "none"] {
		files := [lookups, lock_of(object.union(answer, {"backup": none}))]
		is_one(warned(files), "has no backup")
		count(denied(files)) == 0
	}
}

test_warns_of_a_discovered_instance_without_a_lookup if {
	fleet := {"instances": [{"dbInstanceId": "rm-a"}, {"dbInstanceId": "rm-b"}], "query": {"regionId": "cn-hangzhou"}}
	lock := {"path": "rds-dr.lock.json", "contents": {"version": 1, "answers": {key: answer, "instances cn-hangzhou": fleet}}}
	is_one(warned([lookups, lock]), "rm-b is in the answer")
	count(denied([lookups, lock])) == 0
}

test_only_warns_of_old_data_that_nothing_restores if {
	files := [lookups, lock_of(object.union(answer, {"backup": {"dataTime": "2026-03-04T09:59:59Z"}}))]
	is_one(warned(files), "more than 26 hours ago")
	count(denied(files)) == 0
}

test_denies_old_data if {
	is_one(of_answer(object.union(answer, {"backup": {"dataTime": "2026-03-04T09:59:59Z"}})), "more than 26 hours ago")
	count(of_answer(object.union(answer, {"backup": {"dataTime": "2026-03-04T10:00:00Z"}}))) == 0
	is_one(of_answer(object.union(answer, {"backup": {"dataTime": "yesterday"}})), "is of yesterday")
}

test_denies_a_copy_that_is_deleted_soon if {
	is_one(of_answer(object.union(answer, {"retentionDays": 3})), "is deleted 3 days after 2026-03-05T01:55:00Z")
	count(of_answer(object.union(answer, {"retentionDays": 4}))) == 0
	is_one(of_answer(object.union(answer, {"backup": {"backupStartTime": "yesterday"}})), "30 days after yesterday")
	count(of_answer(object.remove(answer, ["retentionDays"]))) == 0
}

test_passes_a_pin_with_a_reason_even_of_old_data if {
	locked := object.union(pinned("2026-03-01T00:00:00Z", "before the migration"), {"backup": {"dataTime": "2026-02-28T00:00:00Z"}})
	count(of_answer(locked)) == 0
}

test_denies_a_pin_without_a_reason if {
	is_one(of_answer(pinned("2026-03-01T00:00:00Z", " ")), "without a reason")
	is_one(of_answer(object.union(object.remove(answer, ["pin"]), {"pin": {}})), "without a reason")
}

test_denies_an_old_pin if {
	is_one(of_answer(pinned("2026-02-19T11:59:59Z", "the drill")), "more than 14 days ago: unpin it (the drill)")
	old := object.union(object.remove(pinned("", "the drill"), ["changedAt"]), {"backup": {"dataTime": "2026-01-01T00:00:00Z"}})
	is_one(of_answer(pinned("yesterday", "the drill")), "the same since yesterday")
	is_one(of_answer(old), "the same since 2026-01-01T00:00:00Z")
}
