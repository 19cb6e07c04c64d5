import { withConnection } from "../../lib/frozen/connection";
import { readSettings } from "../../lib/frozen/settings";
import type { Connection } from "../../lib/lookup/query";
import { latest, list } from "../lookup/queries";

const stand = "http://127.0.0.1:8080";
const restore = {
  restoreRegion: "cn-shanghai",
  dbInstanceClass: "rds.mysql.s3.large",
  dbInstanceStorage: 100,
};

test.each<[string, Connection, string | undefined, Connection]>([
  ["nobody names one", {}, undefined, {}],
  ["the code names that of the source alone", { endpoint: "vpc" }, undefined, { endpoint: "vpc" }],
  [
    "the code names both",
    { endpoint: "vpc", restoreEndpoint: "vpc" },
    undefined,
    { endpoint: "vpc", restoreEndpoint: "vpc" },
  ],
  [
    "the environment names one, which serves every region",
    {},
    stand,
    { endpoint: stand, restoreEndpoint: stand },
  ],
  [
    "the code names that of the source, the environment one for all else",
    { endpoint: "vpc" },
    stand,
    { endpoint: "vpc", restoreEndpoint: stand },
  ],
  [
    "the code beats the environment",
    { restoreEndpoint: "vpc" },
    stand,
    { endpoint: stand, restoreEndpoint: "vpc" },
  ],
])("the region of the restore is reached at its own endpoint: %s", (_, given, endpoint, connection) => {
  const environment = endpoint === undefined ? {} : { ALIBABA_CLOUD_ENDPOINT_RDS: endpoint };
  const settings = readSettings(undefined, environment, __dirname);

  expect(withConnection(latest(restore, given), settings).connection).toEqual(connection);
});

test("a question without a preflight has no endpoint of a restore", () => {
  const settings = readSettings(undefined, { ALIBABA_CLOUD_ENDPOINT_RDS: stand }, __dirname);

  for (const query of [latest({ restoreRegion: "cn-shanghai" }), list()]) {
    expect(withConnection(query, settings).connection).toEqual({ endpoint: stand });
  }
});
