"""The databases of cdktf.json, and a stack for each region that gets a replacement."""

from cdktf import App, TerraformStack
from cdktf_alicloud_rds_dr import DisasterRecoveryInstance, LatestCrossRegionBackup
from cdktf_alicloud_rds_dr.alicloud import AlicloudProvider, AlicloudProviderEndpoints, Vpc, Vswitch

# The addresses of the replacements' networks: they may connect.
CIDR_BLOCK = "10.0.0.0/8"


def lookup_of(database: dict) -> dict:
    """The props of the lookup of a database; the tests pass them to the answers."""
    names = ("db_instance_id", "region_id", "restore_region")
    return {**{name: database[name] for name in names}, "max_age_hours": 26}


class RecoveryStack(TerraformStack):
    """The stack of a region with replacements."""

    def __init__(self, scope: App, region: str) -> None:
        super().__init__(scope, f"dr-{region}")
        self._vswitch = None
        AlicloudProvider(
            self,
            "alicloud",
            region=region,
            # Without these, the provider asks central services when it starts, and in an outage each plan waits for them.
            account_type=self.node.get_context("accountType"),
            endpoints=[AlicloudProviderEndpoints(rds=f"rds.{region}.aliyuncs.com", vpc=f"vpc.{region}.aliyuncs.com")],
        )
        # The version of the bindings, and no later one: a night of an outage is no time for an upgrade.
        self.add_override("terraform.required_providers.alicloud.version", "1.289.0")

    def vswitch_in(self, zone_id: str) -> Vswitch:
        """The vswitch of the replacements that Terraform restores. The first of them makes it, in its VPC."""
        if self._vswitch is None:
            name = self.node.id
            vpc = Vpc(self, "vpc", vpc_name=name, cidr_block=CIDR_BLOCK)
            self._vswitch = Vswitch(
                self, "vswitch", vswitch_name=name, vpc_id=vpc.id, zone_id=zone_id, cidr_block="10.1.0.0/16"
            )
        return self._vswitch


def declare_recovery(app: App) -> dict[str, RecoveryStack]:
    """Declares the lookups, and the stacks with the replacements; returns these by region."""
    databases = app.node.get_context("databases")

    # The side of the primaries: one lookup for each database. Other apps read the ids from its outputs.
    lookup = TerraformStack(app, "lookup")
    backups = [LatestCrossRegionBackup(lookup, each["name"], **lookup_of(each)) for each in databases]

    # The other side. The first call that needs a concrete value settles every lookup above, in one wait. The newest backup
    # decides the region: once an instance exists, pin its backup, so that the region stays. A restore by "rds-dr restore"
    # belongs to its region, so PostgreSQL has no preferred one.
    stacks = {}
    for database, backup in zip(databases, backups):
        preferred = database.get("preferred_region")
        region = preferred if preferred and backup.can_restore_to(preferred) else database["restore_region"]
        if region not in stacks:
            stacks[region] = RecoveryStack(app, region)
        declare_replacement(stacks[region], database, backup, region)
    return stacks


def declare_replacement(stack: RecoveryStack, database: dict, backup: LatestCrossRegionBackup, region: str) -> None:
    # A network that exists already, for PostgreSQL: "rds-dr restore" makes the instance before Terraform runs.
    network = database.get("network")
    if network is None:
        network = {"vswitch_id": stack.vswitch_in(zone_of(stack, region)).id}
    DisasterRecoveryInstance(
        stack,
        f"{database['name']}-dr",
        backup=backup,
        region_id=region,
        security_ips=[CIDR_BLOCK],
        **database["replacement"],
        **network,
    )


def zone_of(stack: RecoveryStack, region: str) -> str:
    zones = stack.node.get_context("zones")
    if region not in zones:
        raise KeyError(f'"zones" in cdktf.json has no zone of {region}, the region of a replacement')
    return zones[region]
