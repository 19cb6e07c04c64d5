// Leaves out what tsc writes at the head of a module: it is no rule of ours.
import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

const moduleHeader = {
  shouldIgnore(path) {
    const isHeader = path.isCallExpression() && path.get("arguments.0").isIdentifier({ name: "exports" });
    return isHeader ? "written by tsc" : undefined;
  },
};

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, "module-header", moduleHeader)];
