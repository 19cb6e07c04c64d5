import { isExcepted, proxyFor } from "../../lib/rds-api/proxy";

const saved = { ...process.env };
beforeEach(() => {
  for (const name of Object.keys(process.env).filter((each) => /proxy/i.test(each))) {
    Reflect.deleteProperty(process.env, name);
  }
});
afterAll(() => {
  process.env = saved;
});

const rds = "https://rds.aliyuncs.com";

// The table of golang.org/x/net/http/httpproxy, and what follows from its rules.
test.each<[list: string, url: string, excepted: boolean]>([
  ["", rds, false],
  ["aliyuncs.com", rds, true],
  ["aliyuncs.com", "https://aliyuncs.com", true],
  ["aliyuncs.com", "https://rds.eu-central-1.aliyuncs.com", true],
  ["aliyuncs.com", "https://notaliyuncs.com", false],
  ["aliyuncs.com", "https://aliyuncs.com.evil.test", false],
  [".aliyuncs.com", rds, true],
  [".aliyuncs.com", "https://aliyuncs.com", false],
  ["*.aliyuncs.com", rds, true],
  ["*.aliyuncs.com", "https://aliyuncs.com", false],
  ["rds.aliyuncs.com", rds, true],
  ["rds.aliyuncs.com", "https://sts.aliyuncs.com", false],
  ["RDS.AliyunCS.com", rds, true],
  ["a.test, aliyuncs.com ,b.test", rds, true],
  ["a.test aliyuncs.com", rds, false],
  ["*", rds, true],
  ["a.test,*", rds, true],
  ["*aliyuncs.com", rds, false],
  ["aliyuncs.com:443", rds, true],
  ["aliyuncs.com:80", rds, false],
  ["aliyuncs.com:80", "http://rds.aliyuncs.com", true],
  ["aliyuncs.com:8443", "https://rds.aliyuncs.com:8443", true],
  ["aliyuncs.com", "https://rds.aliyuncs.com:8443", true],
  [":443", rds, false],
  ["10.0.0.0/8", "http://10.1.2.3:8080", true],
  ["10.9.9.9/8", "http://10.1.2.3", true],
  ["10.0.0.0/8", "http://11.1.2.3", false],
  ["10.0.0.0/33", "http://10.1.2.3", false],
  ["0.0.0.0/0", rds, false],
  ["0.0.0.0/0", "https://47.1.2.3", true],
  ["fd00::/8", "http://[fd12:3456::1]", true],
  ["fd00::/8", "http://[fe80::1]", false],
  ["192.168.1.1", "http://192.168.1.1:8080", true],
  ["192.168.1.1:80", "http://192.168.1.1:8080", false],
  ["192.168.1.1:8080", "http://192.168.1.1:8080", true],
  ["192.168.1.1", "http://192.168.1.10", false],
  ["fd12::1", "http://[fd12:0:0::1]", true],
  ["[fd12::1]:443", "https://[fd12::1]", true],
  ["[fd12::1]:80", "https://[fd12::1]", false],
  ["bücher.test", "https://xn--bcher-kva.test", true],
])("NO_PROXY=%s, asked about %s: %s", (list, url, excepted) => {
  expect(isExcepted(url, list)).toBe(excepted);
});

test.each<[environment: Record<string, string>, url: string, proxy: string | undefined]>([
  [{ HTTPS_PROXY: "proxy.test:3128" }, rds, "http://proxy.test:3128/"],
  [{ HTTPS_PROXY: "localhost:3128" }, rds, "http://localhost:3128/"],
  [{ HTTPS_PROXY: "10.0.0.1:3128" }, rds, "http://10.0.0.1:3128/"],
  [{ HTTPS_PROXY: "user:word@proxy.test:3128" }, rds, "http://user:word@proxy.test:3128/"],
  [{ HTTPS_PROXY: "https://proxy.test" }, rds, "https://proxy.test/"],
  [{ https_proxy: "http://lower.test" }, rds, "http://lower.test/"],
  [{ https_proxy: "http://lower.test", HTTPS_PROXY: "http://upper.test" }, rds, "http://upper.test/"],
  [{ https_proxy: "http://lower.test", HTTPS_PROXY: "" }, rds, "http://lower.test/"],
  [{ HTTP_PROXY: "http://proxy.test" }, rds, undefined],
  [{ HTTP_PROXY: "http://proxy.test" }, "http://rds.test", "http://proxy.test/"],
  [{ ALL_PROXY: "http://proxy.test" }, rds, "http://proxy.test/"],
  [{ npm_config_https_proxy: "http://npm.test", npm_config_proxy: "http://npm.test" }, rds, undefined],
  [{ HTTPS_PROXY: "http://a.test", npm_config_no_proxy: "aliyuncs.com" }, rds, "http://a.test/"],
  [{ HTTPS_PROXY: "http://a.test", NO_PROXY: "aliyuncs.com" }, rds, undefined],
  [{ HTTPS_PROXY: "http://a.test", no_proxy: "aliyuncs.com" }, rds, undefined],
  [{ HTTPS_PROXY: "http://a.test", NO_PROXY: "b.test", no_proxy: "*" }, rds, "http://a.test/"],
  [{ HTTPS_PROXY: "http://a.test" }, "https://localhost:8443", undefined],
  [{ HTTPS_PROXY: "socks5://a.test", NO_PROXY: "aliyuncs.com" }, rds, undefined],
])("with %j the proxy for %s is %s", (environment, url, proxy) => {
  Object.assign(process.env, environment);
  expect(proxyFor(url)?.href).toBe(proxy);
});
