import { describe, expect, it } from "vitest";
import { ERRORS, type ErrorCode, StatewrightError } from "../../core/errors.js";
import { RefusedError } from "../../core/refused.js";
import { problemOf } from "./problem.js";

describe("what went wrong as an answer", () => {
  const thrown = (Object.keys(ERRORS) as ErrorCode[]).filter((code) => ERRORS[code].status > 0);

  it.each(thrown)("%s has its status, its meaning and its own sentence", (code) => {
    const problem = problemOf(new StatewrightError(code, "This happened.", { hint: "Do that." }), "r-1");
    expect(problem).toMatchObject({ code, status: ERRORS[code].status, title: ERRORS[code].meaning });
    if (code !== "UNEXPECTED") expect(problem).toMatchObject({ detail: "This happened.", hint: "Do that." });
  });

  it("carries what is enabled, and where the data is at fault", () => {
    const rejection = { code: "NOT_ENABLED", message: "no", enabled: ["push"], violations: [] } as const;
    expect(problemOf(new RefusedError(rejection), "r-1")).toMatchObject({
      enabled: ["push"],
      violations: [],
    });
  });

  it("tells of what nobody foresaw only where the log has it", () => {
    const problem = problemOf(new Error("the password is hunter2"), "r-7");
    expect(problem).toMatchObject({ status: 500, code: "UNEXPECTED", request: "r-7" });
    expect(JSON.stringify(problem)).not.toMatch(/hunter2|at .*\.ts/);
  });
});
