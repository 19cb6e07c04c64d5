import { checkEndpoint, endpointFor, endpointOrigin } from "../../lib/rds-api/endpoint";
import { InvalidRequestError } from "../../lib/rds-api/invalid-request-error";

describe("the endpoint of a region", () => {
  test.each([
    "cn-qingdao",
    "cn-beijing",
    "cn-hangzhou",
    "cn-shanghai",
    "cn-shenzhen",
    "cn-heyuan",
    "cn-hongkong",
    "ap-southeast-1",
    "us-west-1",
    "us-east-1",
    "cn-shanghai-finance-1",
    "cn-shenzhen-finance-1",
    "cn-north-2-gov-1",
  ])("%s is the central one", (region) => {
    expect(endpointFor(region)).toBe("https://rds.aliyuncs.com");
  });

  test.each([
    ["cn-hangzhou-finance", "https://rds-vpc.cn-hangzhou-finance.aliyuncs.com"],
    ["cn-zhangjiakou", "https://rds.cn-zhangjiakou.aliyuncs.com"],
    ["eu-central-1", "https://rds.eu-central-1.aliyuncs.com"],
    ["xx-of-tomorrow-9", "https://rds.xx-of-tomorrow-9.aliyuncs.com"],
  ])("%s is %s", (region, url) => {
    expect(endpointFor(region)).toBe(url);
  });

  test.each(["cn-hangzhou", "eu-central-1", "cn-hangzhou-finance"])("of a VPC in %s is its own", (region) => {
    expect(endpointFor(region, "vpc")).toBe(`https://rds-vpc.${region}.aliyuncs.com`);
  });

  test.each([
    ["rds.aliyuncs.com", "https://rds.aliyuncs.com"],
    ["localhost", "https://localhost"],
    ["localhost:8443", "https://localhost:8443"],
    ["127.0.0.1:8080", "https://127.0.0.1:8080"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
    ["http://127.0.0.1:8080/", "http://127.0.0.1:8080"],
    ["https://rds.example.com", "https://rds.example.com"],
    ["HTTPS://RDS.example.com", "https://rds.example.com"],
    ["[::1]", "https://[::1]"],
    ["[::1]:8080", "https://[::1]:8080"],
    ["http://[::1]:8080", "http://[::1]:8080"],
  ])("that is given as %s wins over the region's: %s", (given, url) => {
    expect(endpointFor("cn-hangzhou", given)).toBe(url);
    expect(() => {
      checkEndpoint("endpoint", given);
    }).not.toThrow();
  });

  test.each(["vpc", "VPC", "Vpc"])("may be the word %s", (word) => {
    expect(endpointFor("cn-hangzhou", word)).toBe("https://rds-vpc.cn-hangzhou.aliyuncs.com");
    expect(() => {
      checkEndpoint("endpoint", word);
    }).not.toThrow();
  });
});

describe("the origin of a stand-in", () => {
  test.each([
    undefined,
    "vpc",
    "VPC",
    "rds.aliyuncs.com",
    "https://RDS.aliyuncs.com/",
    "rds-vpc.eu-central-1.aliyuncs.com:443",
    "http://rds.aliyuncs.com",
  ])("there is none at %s, which is Alibaba Cloud's own", (endpoint) => {
    expect(endpointOrigin(endpoint)).toBeUndefined();
  });

  test.each([
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
    ["http://127.0.0.1:8080/", "http://127.0.0.1:8080"],
    ["HTTP://LocalHost:80/", "http://localhost"],
    ["localhost:8443", "https://localhost:8443"],
    ["rds.notaliyuncs.com", "https://rds.notaliyuncs.com"],
    ["aliyuncs.com.example.com", "https://aliyuncs.com.example.com"],
  ])("%s has one spelling: %s", (endpoint, origin) => {
    expect(endpointOrigin(endpoint)).toBe(origin);
  });

  test("is not to be had of what is no endpoint", () => {
    expect(() => endpointOrigin("two hosts")).toThrow(InvalidRequestError);
  });
});

describe("no endpoint is", () => {
  test.each([
    ["http://127.0.0.1:8080/path", '"http://127.0.0.1:8080/path"'],
    ["ftp://rds.aliyuncs.com", '"ftp://rds.aliyuncs.com"'],
    ["localhost:99999", '"localhost:99999"'],
    ["two hosts", '"two hosts"'],
    ["::1", '"::1"'],
    ["", '""'],
    ["https://", '"https://"'],
    ["https://me:SECRET@rds.aliyuncs.com", '"https://(hidden)@rds.aliyuncs.com"'],
    ["https://me:SEC/RET@rds.aliyuncs.com", '"https://(hidden)@rds.aliyuncs.com"'],
    ["https://me:SEC//RET@x@rds.aliyuncs.com", '"https://(hidden)@rds.aliyuncs.com"'],
    ["https://SECRET@rds.aliyuncs.com", '"https://(hidden)@rds.aliyuncs.com"'],
    ["me:SECRET@rds.aliyuncs.com:8080", '"(hidden)@rds.aliyuncs.com:8080"'],
    ["https://rds.aliyuncs.com/?Signature=SECRET", '"https://rds.aliyuncs.com/?(hidden)"'],
    ["https://rds.aliyuncs.com/#SECRET", '"https://rds.aliyuncs.com/?(hidden)"'],
  ])("%j, which is shown as %s", (given, shown) => {
    let error: unknown;
    try {
      endpointFor("cn-hangzhou", given);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(String(error)).toBe(
      `InvalidRequestError: endpoint must be a host, host:port or URL without a path, such as "rds.aliyuncs.com" or "http://127.0.0.1:8080", or "vpc" for the VPC endpoint of the region, but is ${shown}`,
    );
    expect(JSON.stringify(error)).not.toContain("SECRET");
    expect(() => {
      checkEndpoint("endpoint", given);
    }).toThrow(InvalidRequestError);
  });

  test("a number, as JavaScript may give it", () => {
    expect(() => endpointFor("cn-hangzhou", 8080 as unknown as string)).toThrow(InvalidRequestError);
  });
});
