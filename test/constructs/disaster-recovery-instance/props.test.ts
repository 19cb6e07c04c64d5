import {
  checkInstanceName,
  checkSecurityIps,
  checkStorage,
  checkSubscriptionMonths,
} from "../../../lib/constructs/disaster-recovery-instance/prop-rules";

const refusalOf = (check: () => void): string => {
  try {
    check();
    return "taken";
  } catch (error) {
    return (error as Error).message;
  }
};

test.each(["10.0.0.0/8", "192.168.1.17", "0.0.0.0/0", "10.23.12.24/32"])("an entry may be %s", (entry) => {
  expect(
    refusalOf(() => {
      checkSecurityIps("securityIps", [entry]);
    }),
  ).toBe("taken");
});

test.each([
  "10.0.0.0/0",
  "10.0.0.0/33",
  "10.0.0/8",
  "10.0.0.0/8/8",
  "::1",
  "localhost",
  "10.0.0.0/",
  "",
  7 as unknown as string,
])("an entry must not be %p", (entry) => {
  expect(
    refusalOf(() => {
      checkSecurityIps("securityIps", [entry]);
    }),
  ).toMatch(/^securityIps must be an IPv4 address or block, such as "10\.0\.0\.0\/8", but is /);
});

test("a list may have a thousand entries, and no more", () => {
  const entries = Array.from({ length: 1_001 }, () => "10.0.0.1");

  expect(
    refusalOf(() => {
      checkSecurityIps("securityIps", entries.slice(1));
    }),
  ).toBe("taken");
  expect(
    refusalOf(() => {
      checkSecurityIps("securityIps", entries);
    }),
  ).toContain("at most 1000 entries");
  expect(
    refusalOf(() => {
      checkSecurityIps("securityIps", "10.0.0.1");
    }),
  ).toContain("a list");
});

test.each([1, 9, 12, 36])("a subscription may run for %d months", (months) => {
  expect(
    refusalOf(() => {
      checkSubscriptionMonths("subscriptionMonths", months);
    }),
  ).toBe("taken");
});

test.each([0, 10, 1.5, 48])("a subscription must not run for %d months", (months) => {
  expect(
    refusalOf(() => {
      checkSubscriptionMonths("subscriptionMonths", months);
    }),
  ).toBe(`subscriptionMonths must be 1 to 9, 12, 24 or 36 months, but is ${months}`);
});

test.each([0, -5, 7.5, NaN, "100" as unknown as number])("a disk must not have %p GB", (storage) => {
  expect(
    refusalOf(() => {
      checkStorage("storageGb", storage);
    }),
  ).toContain("a whole number of GB above 0");
});

test.each(["or", "orders-dr_2", "订单", "x".repeat(256)])("an instance may be called %s", (name) => {
  expect(
    refusalOf(() => {
      checkInstanceName("instanceName", name);
    }),
  ).toBe("taken");
});

test.each(["o", "2nd", "-orders", "orders dr", "http://orders", "x".repeat(257), ""])(
  "an instance must not be called %p",
  (name) => {
    expect(
      refusalOf(() => {
        checkInstanceName("instanceName", name);
      }),
    ).toContain("2 to 256 characters in all");
  },
);
