import { type RejectionReason, summariseRejections } from "../../lib/backup/validity";

describe("many rejections in one line", () => {
  const of = (...reasons: RejectionReason[]) => reasons.map((reason) => ({ reason, detail: "why" }));

  test("say how many fell to each reason, the most frequent first, ties by name", () => {
    expect(summariseRejections(of("not-zip", "not-full", "logical", "not-full"))).toBe(
      "2 not-full, 1 logical, 1 not-zip",
    );
  });

  test.each<RejectionReason[]>([
    ["not-zip", "logical", "not-full"],
    ["logical", "not-full", "not-zip"],
  ])("sort ties by name, whatever their order: %s, %s, %s", (...reasons) => {
    expect(summariseRejections(of(...reasons))).toBe("1 logical, 1 not-full, 1 not-zip");
  });

  test("say nothing if there are none", () => {
    expect(summariseRejections([])).toBe("");
  });
});
