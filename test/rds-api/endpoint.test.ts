import {
  checkEndpoint,
  checkEndpointForm,
  checkEndpointOfRepository,
  checkEndpointServes,
  endpointFor,
  endpointOrigin,
  isReadableByProvider,
  servesRegion,
} from "../../lib/rds-api/endpoint";
import { InvalidRequestError } from "../../lib/validation/checks";
import { errorOf } from "../fixtures";

/** Hosts of RDS itself, in every spelling that a URL has for them. */
const ownHosts = [
  "rds.aliyuncs.com",
  "rds-vpc.aliyuncs.com",
  "RDS.Aliyuncs.COM",
  "https://rds.aliyuncs.com",
  "https://RDS.aliyuncs.com/",
  "https://rds.aliyuncs.com:443",
  "rds.cn-hangzhou.aliyuncs.com",
  "rds-vpc.cn-hangzhou-finance.aliyuncs.com",
  "rds-vpc.eu-central-1.aliyuncs.com:443",
  "rds.cn-north-2-gov-1.aliyuncs.com",
  "rds.rus-west-1.aliyuncs.com",
  // A URL spells all of these as ASCII before anything is sent.
  "https://rds\u3002aliyuncs\uff0ecom",
  "https://\uff52\uff44\uff53.aliyuncs.com",
  "https:\\\\rds.aliyuncs.com",
  "vpc",
  "VPC",
];

/** Hosts that look like one of RDS, or whose name anybody could have. */
const foreignHosts = [
  "http://rds.aliyuncs.com",
  "https://rds.aliyuncs.com:8443",
  "rds.aliyuncs.com:80",
  "https://rds.aliyuncs.com.",
  "rds.aliyuncs.com.evil.example",
  "rds.cn-hangzhou.aliyuncs.com.evil",
  "x.rds.aliyuncs.com",
  "evil-rds.aliyuncs.com",
  "rds-evil.aliyuncs.com",
  "rds.foo.bar.aliyuncs.com",
  "rds.cn-hangzhou.evil.aliyuncs.com",
  "rds.notaliyuncs.com",
  "rds.aliyuncs.com.cn",
  "aliyuncs.com",
  "rdsaliyuncs.com",
  "rds.hangzhou.aliyuncs.com",
  // What customers own under the domain: buckets called "rds", load balancers, PrivateLink.
  "rds.oss-cn-hangzhou.aliyuncs.com",
  "rds-vpc.oss-cn-hangzhou-internal.aliyuncs.com",
  "rds.oss-accelerate.aliyuncs.com",
  "rds.img-cn-hangzhou.aliyuncs.com",
  "rds.vpc100-oss-cn-hangzhou.aliyuncs.com",
  "alb-x.cn-hangzhou.alb.aliyuncs.com",
  "ep-x-cn-hangzhou-i.epsrv-y.cn-hangzhou.privatelink.aliyuncs.com",
  "rds.apsara-stack.example",
  "192.168.0.1",
];

/** Every spelling of this machine itself. */
const loopbackHosts = [
  "http://localhost:8080",
  "localhost:8443",
  "HTTP://LocalHost:80/",
  "127.0.0.1:8080",
  "http://127.8.9.10",
  "http://2130706433",
  "http://0x7f.1",
  "http://127.1:8080",
  "http://[::1]:8080",
  "http://[0:0:0:0:0:0:0:1]",
];

/** What looks like this machine, and is another one, or not only this one. */
const nearlyLoopback = [
  "http://localhost.evil.example",
  "http://127.0.0.1.evil.example",
  "http://evil-localhost",
  "http://localhost.",
  "http://0.0.0.0",
  "http://[::]",
  "http://[::ffff:127.0.0.1]",
  "http://[::ffff:8.8.8.8]",
  "http://128.0.0.1",
  "http://10.127.0.1",
];

describe("the endpoint of a region", () => {
  test.each(["cn-hangzhou", "us-east-1", "cn-north-2-gov-1"])("%s is the central one", (region) => {
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
  test.each([undefined, ...ownHosts])("there is none at %s, which is RDS itself", (endpoint) => {
    expect(endpointOrigin(endpoint)).toBeUndefined();
  });

  test.each([...foreignHosts, ...loopbackHosts, ...nearlyLoopback])("there is one at %s", (endpoint) => {
    expect(endpointOrigin(endpoint)).toBe(endpointFor("cn-hangzhou", endpoint));
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

describe("from a repository", () => {
  const check = (endpoint: string) => (): void => {
    checkEndpointOfRepository('"endpoint" in the context', endpoint);
  };

  test.each([...ownHosts, ...loopbackHosts])("%s is taken", (endpoint) => {
    expect(check(endpoint)).not.toThrow();
  });

  test.each([...foreignHosts, ...nearlyLoopback])("%s is an error", (endpoint) => {
    expect(check(endpoint)).toThrow(InvalidRequestError);
  });

  test.each([
    "https://rds.aliyuncs.com@evil.example",
    "https://rds.aliyuncs.com\\@evil.example",
    "https://evil.example\\.aliyuncs.com",
    "https://evil.example/rds.aliyuncs.com",
    "https://evil.example#rds.aliyuncs.com",
    "https://evil.example?rds.aliyuncs.com",
    "https://rds.aliyuncs.com%2eevil.example",
    "https://user@rds.aliyuncs.com",
    "//rds.aliyuncs.com",
  ])("%s, whose host is not what it seems, is an error", (endpoint) => {
    expect(check(endpoint)).toThrow(InvalidRequestError);
  });

  test("the error names the value, what is allowed, and how to send requests elsewhere", () => {
    expect(errorOf(check("rds.evil.example")).message).toBe(
      '"endpoint" in the context must be rds.aliyuncs.com, rds.<region>.aliyuncs.com or rds-vpc.<region>.aliyuncs.com by https, "vpc", or an address of this machine itself, but is "rds.evil.example": a repository must not send signed requests elsewhere. For PrivateLink, Apsara Stack or another host set RDS_DR_ENDPOINT, or use --endpoint or the prop endpoint',
    );
  });
});

describe("http", () => {
  const check = (endpoint: string, RDS_DR_ALLOW_HTTP?: string) => (): void => {
    checkEndpoint("endpoint", endpoint, { RDS_DR_ALLOW_HTTP });
  };
  const abroad = [...foreignHosts, ...nearlyLoopback].filter((each) => each.startsWith("http:"));

  test.each(loopbackHosts)("is possible for %s", (endpoint) => {
    expect(check(endpoint)).not.toThrow();
  });

  test.each([...abroad, "HTTP://simulator:8080"])("is an error for %s, unless it is allowed", (endpoint) => {
    for (const word of [undefined, "", "false", "TRUE", "1"]) {
      expect(check(endpoint, word)).toThrow(InvalidRequestError);
    }
    expect(check(endpoint, "true")).not.toThrow();
    expect(() => {
      checkEndpointForm("endpoint", endpoint);
    }).not.toThrow();
  });

  test("has an error that names the variable for containers", () => {
    expect(errorOf(check("http://simulator:8080")).message).toBe(
      'endpoint must be https, or http on this machine itself (localhost, 127.0.0.0/8, [::1]), but is "http://simulator:8080": http does not protect a request. For a simulator in a container set RDS_DR_ALLOW_HTTP=true',
    );
  });
});

describe("a region is served by", () => {
  test.each([
    ["rds.cn-hangzhou.aliyuncs.com", "cn-hangzhou", true],
    ["rds-vpc.cn-hangzhou.aliyuncs.com", "cn-hangzhou", true],
    ["https://RDS.cn-hangzhou.aliyuncs.com:443/", "cn-hangzhou", true],
    ["rds.cn-hangzhou.aliyuncs.com", "cn-shanghai", false],
    ["rds-vpc.cn-hangzhou.aliyuncs.com", "cn-hangzhou-finance", false],
    ["rds.aliyuncs.com", "cn-shanghai", true],
    ["rds.aliyuncs.com", "eu-central-1", false],
    ["vpc", "eu-central-1", true],
    ["http://127.0.0.1:8080", "eu-central-1", true],
    ["x.privatelink.aliyuncs.com", "eu-central-1", true],
  ])("%s: %s, %s", (endpoint, regionId, expected) => {
    expect(servesRegion(endpoint, regionId)).toBe(expected);
  });

  test.each(["rds.cn-hangzhou.aliyuncs.com", "https://RDS-VPC.cn-hangzhou.aliyuncs.com/"])(
    "%s alone, which is an error elsewhere",
    (endpoint) => {
      const check = (regionId: string) => (): void => {
        checkEndpointServes("endpoint", endpoint, regionId);
      };
      expect(check("cn-hangzhou")).not.toThrow();
      expect(errorOf(check("cn-zhangjiakou")).message).toBe(
        `endpoint must be one that serves cn-zhangjiakou (rds.cn-zhangjiakou.aliyuncs.com or "vpc"), or omitted, but is "${endpoint}"`,
      );
    },
  );
});

test.each([
  ["rds.aliyuncs.com", true],
  ["127.0.0.1:8080", true],
  ["http://127.0.0.1:8080", false],
  ["https://rds.aliyuncs.com", false],
  ["vpc", false],
  ["VPC", false],
])("whether the Terraform provider can read %s: %s", (endpoint, expected) => {
  expect(isReadableByProvider(endpoint)).toBe(expected);
});
