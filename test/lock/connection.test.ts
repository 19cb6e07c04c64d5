import { connectionToDestination, withConnection } from "../../lib/lock/connection";
import { readSettings, type Settings } from "../../lib/lock/settings";
import type { Connection } from "../../lib/lookup/query";
import { latest, list } from "../lookup/queries";

const stand = "http://127.0.0.1:8080";
const regional = "rds-vpc.cn-hangzhou.aliyuncs.com";
const restore = {
  restoreRegion: "eu-central-1",
  dbInstanceClass: "rds.mysql.s3.large",
  dbInstanceStorage: 100,
};

const settingsOf = (environment: Readonly<Record<string, string>>): Settings =>
  readSettings(undefined, environment, __dirname);

test.each<[string, Connection, Record<string, string>, Connection]>([
  ["nobody names one", {}, {}, {}],
  ["the code names that of the source alone", { endpoint: "vpc" }, {}, { endpoint: "vpc" }],
  ["the code names both", { endpoint: "vpc", restoreEndpoint: "vpc" }, {}, { endpoint: "vpc", restoreEndpoint: "vpc" }],
  [
    "the environment names a stand-in, which serves every region",
    {},
    { RDS_DR_ENDPOINT: stand },
    { endpoint: stand, restoreEndpoint: stand },
  ],
  [
    "the environment names one for the restore",
    {},
    { RDS_DR_ENDPOINT: stand, RDS_DR_RESTORE_ENDPOINT: "vpc" },
    { endpoint: stand, restoreEndpoint: "vpc" },
  ],
  [
    "the code names that of the source, the environment one for all else",
    { endpoint: "vpc" },
    { RDS_DR_ENDPOINT: stand },
    { endpoint: "vpc", restoreEndpoint: stand },
  ],
  [
    "the code beats the environment",
    { restoreEndpoint: "vpc" },
    { RDS_DR_ENDPOINT: stand, RDS_DR_RESTORE_ENDPOINT: stand },
    { endpoint: stand, restoreEndpoint: "vpc" },
  ],
  [
    "the environment names a host of RDS in the source's region, which serves no other",
    {},
    { RDS_DR_ENDPOINT: regional },
    { endpoint: regional },
  ],
  [
    "the variable that the provider reads too names such a host",
    {},
    { ALIBABA_CLOUD_ENDPOINT_RDS: regional },
    { endpoint: regional },
  ],
  [
    "the environment names a host of RDS in the region of the restore for both",
    {},
    { RDS_DR_ENDPOINT: "rds.eu-central-1.aliyuncs.com" },
    { restoreEndpoint: "rds.eu-central-1.aliyuncs.com" },
  ],
  [
    "the environment names one of a third region for the restore",
    {},
    { RDS_DR_ENDPOINT: stand, RDS_DR_RESTORE_ENDPOINT: regional },
    { endpoint: stand },
  ],
  [
    "the environment names the central host, which does not serve the region of the restore",
    {},
    { RDS_DR_ENDPOINT: "rds.aliyuncs.com" },
    { endpoint: "rds.aliyuncs.com" },
  ],
])("each region is reached at its own endpoint: %s", (_, given, environment, connection) => {
  expect(withConnection(latest(restore, given), settingsOf(environment)).connection).toEqual(connection);
});

test("the context's endpoint serves its own region alone as well", () => {
  const settings = readSettings({ endpoint: regional }, {}, __dirname);

  expect(withConnection(latest(restore), settings).connection).toEqual({ endpoint: regional });
  expect(withConnection(list({ regionId: "cn-beijing" }), settings).connection).toEqual({});
});

test("a question without a preflight has no endpoint of a restore", () => {
  const settings = settingsOf({ RDS_DR_ENDPOINT: stand, RDS_DR_RESTORE_ENDPOINT: stand });

  for (const query of [latest({ restoreRegion: "cn-shanghai" }), list()]) {
    expect(withConnection(query, settings).connection).toEqual({ endpoint: stand });
  }
});

test("the profile is the one of the code, else that of the environment", () => {
  const settings = settingsOf({ ALICLOUD_PROFILE: "a" });

  expect(withConnection(list({}, { profile: "b" }), settings).connection).toEqual({ profile: "b" });
  expect(withConnection(list(), settings).connection).toEqual({ profile: "a" });
  expect(connectionToDestination("cn-shanghai", { profile: "b" }, settings)).toEqual({ profile: "b" });
  expect(connectionToDestination("cn-shanghai", {}, settings)).toEqual({ profile: "a" });
});

test("the role is the one of the code, else that of the environment", () => {
  const [a, b] = ["acs:ram::1:role/a", "acs:ram::1:role/b"];
  const settings = settingsOf({ ALICLOUD_ASSUME_ROLE_ARN: a });

  expect(withConnection(list({}, { roleArn: b }), settings).connection).toEqual({ roleArn: b });
  expect(withConnection(list(), settings).connection).toEqual({ roleArn: a });
  expect(connectionToDestination("cn-shanghai", { roleArn: b }, settings)).toEqual({ roleArn: b });
  expect(connectionToDestination("cn-shanghai", {}, settings)).toEqual({ roleArn: a });
});

test.each<[string, Connection, Record<string, string>, string | undefined]>([
  ["the region's own", {}, {}, undefined],
  ["the stand-in that the command names", { endpoint: stand }, {}, stand],
  ["not the host of the source's region that the command names", { endpoint: regional }, {}, undefined],
  [
    "that of the environment, if the command names a host of the source's region",
    { endpoint: regional },
    { RDS_DR_RESTORE_ENDPOINT: "vpc" },
    "vpc",
  ],
  [
    "the one that the command names for it",
    { endpoint: stand, restoreEndpoint: "vpc" },
    { RDS_DR_RESTORE_ENDPOINT: stand },
    "vpc",
  ],
  ["not the host of the source's region in the environment", {}, { RDS_DR_ENDPOINT: regional }, undefined],
])("a command reaches the region of a replacement at %s", (_, given, environment, endpoint) => {
  const connection = connectionToDestination("cn-shanghai", given, settingsOf(environment));

  expect(connection).toEqual(endpoint === undefined ? {} : { endpoint });
});
