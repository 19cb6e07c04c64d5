// Leaves out what the compiler writes at the head of a module: it is no rule of ours.
import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

const moduleHeader = {
  shouldIgnore({ node }) {
    return node.type === "CallExpression" && node.arguments[0]?.name === "exports" ? "by the compiler" : undefined;
  },
};

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, "module-header", moduleHeader)];
