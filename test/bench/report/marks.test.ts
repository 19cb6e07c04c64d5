import { betweenMarks } from "../../../bench/report/marks";

test("only what is between the marks is replaced", () => {
  const page = "before\n\n<!-- measured: begin -->\nold\n<!-- measured: end -->\n\nafter";
  expect(betweenMarks(page, "new")).toBe(
    "before\n\n<!-- measured: begin -->\n\nnew\n\n<!-- measured: end -->\n\nafter",
  );
  expect(() => betweenMarks("no marks", "new")).toThrow("the page lacks the lines");
});
