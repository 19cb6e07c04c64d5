import { checkBun } from "../../lib/rds-api/oldest-bun";
import { PopCoreTransport } from "../../lib/rds-api/pop-core-transport";
import { simulatorCredentials } from "../../lib/simulator";

test.each(["1.4.3", "1.4.10", "1.5.0", "2.0.0", "1.4.3-canary.20+abc"])("Bun %s is new enough", (bun) => {
  expect(() => {
    checkBun({ node: "24.3.0", bun });
  }).not.toThrow();
});

test.each(["1.4.2", "1.4.0-canary.7+abc", "1.3.14", "0.9.99"])("Bun %s is refused, with the way out", (bun) => {
  expect(() => {
    checkBun({ node: "24.3.0", bun });
  }).toThrow(
    `the version of Bun must be 1.4.3 or later, but is "${bun}": an older one does not notice that a connection was reset. Update Bun, or run this with Node`,
  );
});

describe("in a process of Bun", () => {
  const versions = Object.getOwnPropertyDescriptor(process, "versions") ?? {};

  afterEach(() => {
    Object.defineProperty(process, "versions", versions);
  });

  test("nothing is connected if it is too old", () => {
    Object.defineProperty(process, "versions", { ...versions, value: { ...process.versions, bun: "1.3.14" } });
    const credentials = { getCredentials: () => Promise.resolve(simulatorCredentials) };

    const connect = (): unknown => new PopCoreTransport({ endpoint: "http://127.0.0.1:1", credentials, maxSockets: 1 });

    expect(connect).toThrow("the version of Bun must be 1.4.3 or later");
  });
});
