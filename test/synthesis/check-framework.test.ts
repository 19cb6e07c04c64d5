import { App, TerraformStack } from "cdktf";
import { Construct, RootConstruct } from "constructs";
import * as main from "../../lib";
import { framework, frameworks, packageFor, packageName } from "../../lib/validation/own-package";
import { errorOf, temporaryFolders } from "../fixtures";

const temporaryFolder = temporaryFolders();
const other = frameworks.find((name) => name !== framework) ?? "";

/** An app with the name that jsii gives to a class of the other framework. */
class ForeignApp extends App {}
Object.assign(ForeignApp, { [Symbol.for("jsii.rtti")]: { fqn: `${other}.App` } });
class ForeignStack extends TerraformStack {}
Object.assign(ForeignStack, { [Symbol.for("jsii.rtti")]: { fqn: `${other}.TerraformStack` } });

type AnyConstruct = new (scope: Construct, id: string, props: object) => Construct;

/** Whether something that the package exports is a construct; nobody makes one of the base class. */
function isConstruct(entry: [string, unknown]): entry is [string, AnyConstruct] {
  const [name, value] = entry;
  return name !== "CrossRegionBackup" && typeof value === "function" && value.prototype instanceof Construct;
}

/** What an app can call to get a construct of this package, whatever the props. */
const entrances: Readonly<Record<string, (scope: Construct) => unknown>> = {
  ...Object.fromEntries(
    Object.entries<unknown>({ ...main })
      .filter(isConstruct)
      .map(([name, Declared]) => [name, (scope: Construct) => new Declared(scope, "orders", {})]),
  ),
  fromCrossRegionBackupAttributes: (scope) =>
    main.LatestCrossRegionBackup.fromCrossRegionBackupAttributes(scope, "orders", {} as never),
  fromRemoteState: (scope) => main.LatestCrossRegionBackup.fromRemoteState(scope, "orders", {} as never),
};

test("the public constructs are known to this test", () => {
  expect(Object.keys(entrances)).toEqual([
    "CrossRegionBackupPolicy",
    "CrossRegionBackups",
    "DisasterRecoveryInstance",
    "DiscoveredInstances",
    "LatestCrossRegionBackup",
    "fromCrossRegionBackupAttributes",
    "fromRemoteState",
  ]);
});

describe.each(Object.entries(entrances))("%s", (_, declare) => {
  test("in an app of the other framework is an error that names the package for it", () => {
    const stack = new TerraformStack(new ForeignApp({ outdir: temporaryFolder() }), "lookup");

    expect(errorOf(() => declare(stack)).message).toBe(
      `lookup/orders: ${packageName} is for apps of ${framework}, but this app is one of ${other}\n  -> install ${packageFor(other)} in its place, and import that: an app has one framework`,
    );
  });
});

const latest = (scope: Construct): unknown =>
  new main.LatestCrossRegionBackup(scope, "orders", { dbInstanceId: "rm-orders", regionId: "cn-hangzhou" });

test.each<[string, () => Construct]>([
  [
    "an app of a class that extends it, with a name of its own",
    () => {
      class OwnApp extends ForeignApp {}
      Object.assign(OwnApp, { [Symbol.for("jsii.rtti")]: { fqn: "platform.OwnApp" } });
      return new TerraformStack(new OwnApp({ outdir: temporaryFolder() }), "lookup");
    },
  ],
  ["a stack without an app", () => new ForeignStack(undefined as never, "lookup")],
  ["a stack in a plain construct", () => new ForeignStack(new RootConstruct(), "lookup")],
  ["a stack in an app of this framework", () => new ForeignStack(new App({ outdir: temporaryFolder() }), "lookup")],
])("%s is seen", (_, scope) => {
  expect(errorOf(() => latest(scope())).message).toMatch(
    new RegExp(` is for apps of ${framework}, but (?:this app|"lookup" in it) is one of ${other}`),
  );
});

test.each<[string, () => Construct]>([
  ["its own framework", () => new TerraformStack(new App({ outdir: temporaryFolder() }), "lookup")],
  [
    "a class that extends it",
    () => {
      class OwnApp extends App {}
      return new TerraformStack(new OwnApp({ outdir: temporaryFolder() }), "lookup");
    },
  ],
  ["a stack without an app", () => new TerraformStack(undefined as never, "lookup")],
])("%s is fine", (_, scope) => {
  expect(() => latest(scope())).not.toThrow();
});
