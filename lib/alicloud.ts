/**
 * Bindings of the Terraform provider `aliyun/alicloud`, as far as disaster recovery needs them, generated from
 * the provider's schema. They mix freely with those that `cdktf get` makes.
 *
 * @packageDocumentation
 */
export * from "../.gen/providers/alicloud/data-alicloud-db-instance-classes";
export * from "../.gen/providers/alicloud/data-alicloud-db-zones";
export * from "../.gen/providers/alicloud/data-alicloud-rds-cross-region-backups";
export * from "../.gen/providers/alicloud/data-alicloud-rds-cross-regions";
export * from "../.gen/providers/alicloud/db-instance";
export * from "../.gen/providers/alicloud/provider";
export * from "../.gen/providers/alicloud/rds-ddr-instance";
export * from "../.gen/providers/alicloud/rds-instance-cross-backup-policy";
export * from "../.gen/providers/alicloud/vpc";
export * from "../.gen/providers/alicloud/vswitch";
