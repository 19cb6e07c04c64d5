import { RejectionReason, summariseRejections } from "../../lib/backup/rejection";

describe("many rejections in one line", () => {
  const { NOT_FULL, LOGICAL, NOT_ZIP } = RejectionReason;
  const of = (...reasons: RejectionReason[]) => reasons.map((reason) => ({ reason, detail: "why" }));

  test("say how many fell to each reason, the most frequent first, ties by name", () => {
    expect(summariseRejections(of(NOT_ZIP, NOT_FULL, LOGICAL, NOT_FULL))).toBe(
      "2 not-full, 1 logical, 1 not-zip",
    );
  });

  test("say nothing where there are none", () => {
    expect(summariseRejections([])).toBe("");
  });
});
