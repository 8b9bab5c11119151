import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { StatewrightError } from "../../core/errors.js";
import type { Need, Principal } from "../gate.js";
import { authorize, type GuardedAct, ROLE_ACTS, ROLES } from "./authorize.js";

const ACTS = Object.keys(ROLE_ACTS.admin) as GuardedAct[];

function codeOf(principal: Partial<Principal>, need: Need): string {
  try {
    authorize({ actor: "ada", ...principal }, need);
    return "allowed";
  } catch (error) {
    return (error as StatewrightError).code;
  }
}

/** As the documentation prints it. */
function table(): string {
  const head = `| | ${ROLES.map((role) => `\`${role}\``).join(" | ")} |`;
  const rows = ACTS.map(
    (act) => `| \`${act}\` | ${ROLES.map((role) => (ROLE_ACTS[role][act] ? "yes" : "–")).join(" | ")} |`,
  );
  return [head, `| --- | ${ROLES.map(() => "---").join(" | ")} |`, ...rows].join("\n");
}

describe("who may do what", () => {
  it("is the table that the documentation prints", () => {
    const page = readFileSync(new URL("../../../docs/reference/access.md", import.meta.url), "utf8");
    expect(page).toContain(table());
  });

  it("nobody without a role or grant may do anything but what anyone may", () => {
    for (const act of ACTS) expect(codeOf({}, { act })).toBe("FORBIDDEN");
    expect(codeOf({}, { act: "anyone" })).toBe("allowed");
  });

  it("each role may do exactly what its row says", () => {
    for (const role of ROLES)
      for (const act of ACTS)
        expect(codeOf({ roles: [role] }, { act, stateMachineId: "m", event: "e" })).toBe(
          ROLE_ACTS[role][act] ? "allowed" : "FORBIDDEN",
        );
  });

  it.each<[string, Need, string]>([
    ["m:start", { act: "start", stateMachineId: "m" }, "allowed"],
    ["m:start", { act: "start", stateMachineId: "mm" }, "FORBIDDEN"],
    ["m:start", { act: "start" }, "allowed"],
    ["m:start", { act: "send" }, "FORBIDDEN"],
    ["*:start", { act: "start", stateMachineId: "m" }, "allowed"],
    ["m:send:pay", { act: "send" }, "allowed"],
    ["m:send:pay", { act: "send", stateMachineId: "m", event: "pay" }, "allowed"],
    ["m:send:pay", { act: "send", stateMachineId: "m", event: "payBack" }, "FORBIDDEN"],
    ["m:send:pay", { act: "send", stateMachineId: "n", event: "pay" }, "FORBIDDEN"],
    ["m:send:pay", { act: "send", stateMachineId: "m" }, "FORBIDDEN"],
    ["m:send", { act: "send", stateMachineId: "m" }, "allowed"],
    ["m:update", { act: "send", stateMachineId: "m" }, "allowed"],
    ["m:update", { act: "send", stateMachineId: "m", event: "pay" }, "FORBIDDEN"],
    ["*:signal:go", { act: "signal" }, "allowed"],
    ["*:signal:go", { act: "signal", event: "go" }, "allowed"],
    ["*:signal:go", { act: "signal", event: "stop" }, "FORBIDDEN"],
    ["m:send", { act: "read" }, "FORBIDDEN"],
    ["m:send", { act: "operate", stateMachineId: "m" }, "FORBIDDEN"],
  ])("the grant %s and the need %j: %s", (grant, need, outcome) => {
    expect(codeOf({ grants: [grant] }, need)).toBe(outcome);
  });

  it("a refusal names what is missing", () => {
    expect(() => authorize({ actor: "ada" }, { act: "send", stateMachineId: "m", event: "pay" })).toThrow(
      /"ada".*"m:send:pay".*"admin"/,
    );
  });
});
