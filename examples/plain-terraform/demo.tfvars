# For the stand-in, from a clone of the repository.
db_instance_id = "rm-uf6wjk5t8q2vz71ab"
region_id      = "cn-hangzhou"
restore_region = "cn-shanghai"
program        = ["node", "../../dist/rds-dr.js", "external"]
