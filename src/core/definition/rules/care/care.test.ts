import { describe, expect, it } from "vitest";
import { call, end, places, short, to } from "../../../../../test/kit/definition-findings.js";
import type { Json, JsonObject } from "../../../json/json.js";

describe("care", () => {
  const machine = (action: JsonObject, more: JsonObject = {}, states: JsonObject = {}) =>
    short(
      {
        a: { type: "initial", entryActions: [action], transitions: [to("end")] },
        end,
        failed: { type: "error" },
        ...states,
      },
      more,
    );
  const bare = { actionId: "x", trigger: { webhook: { url: "https://api.bank.com/x" } } };

  it("an action that calls the outside has a timeout and an error route", () => {
    expect(places(machine(bare), "NO_TIMEOUT")).toEqual(["warning /states/a/entryActions/0"]);
    expect(places(machine(bare, { actionDefaults: { timeout: "PT5S" } }), "NO_TIMEOUT")).toEqual([]);
    expect(places(machine(bare), "NO_ERROR_ROUTE")).toEqual(["warning /states/a/entryActions/0"]);
    expect(places(machine(bare, { globalErrorHandler: { onError: "retry" } }), "NO_ERROR_ROUTE")).toEqual([]);
    const routed = {
      a: {
        type: "initial",
        entryActions: [bare],
        transitions: [to("end"), to("end", { event: "error.LATE" })],
      },
    };
    expect(places(machine(bare, {}, routed), "NO_ERROR_ROUTE")).toEqual([]);
    expect(places(machine({ actionId: "x", type: "log" }), "NO_TIMEOUT")).toEqual([]);
  });

  it("what a rollback can reach has something that undoes it", () => {
    const listed = (first: JsonObject, onError: Json) =>
      short({
        a: { type: "initial", entryActions: [call("w")], transitions: [to("b")] },
        b: {
          type: "task",
          entryActions: [call("x", first), call("y", { onError })],
          transitions: [to("end")],
        },
        end,
      });
    const x = "warning /states/b/entryActions/0";
    expect(places(listed({}, "rollback"), "NO_COMPENSATION")).toEqual([x]);
    expect(places(listed({}, ["retry", { strategy: "rollback" }]), "NO_COMPENSATION")).toEqual([x]);
    expect(places(listed({ compensate: call("undo") }, "rollback"), "NO_COMPENSATION")).toEqual([]);
    expect(places(listed({}, "abort"), "NO_COMPENSATION")).toEqual([]);
    expect(places(listed({}, { strategy: "rollback", rollbackTo: "start" }), "NO_COMPENSATION")).toHaveLength(
      3,
    );
  });

  it("exits on the way count too, and what only asks does not", () => {
    const exiting = (first: JsonObject, target: string, onError: Json = "rollback") =>
      short({
        a: {
          type: "initial",
          exitActions: [first],
          transitions: [to("b"), to("c", { event: "e" })],
        },
        b: { type: "task", entryActions: [call("y", { onError })], transitions: [to(target)] },
        c: { type: "task", transitions: [to("end")] },
        end,
      });
    expect(places(exiting(call("x"), "c"), "NO_COMPENSATION")).toEqual(["warning /states/a/exitActions/0"]);
    expect(places(exiting(call("x"), "c", "abort"), "NO_COMPENSATION")).toEqual([]);
    const asking = (method: string) =>
      call("x", { trigger: { webhook: { url: "https://api.bank.com/x", method } } });
    expect(places(exiting(asking("GET"), "c"), "NO_COMPENSATION")).toEqual([]);
    expect(places(exiting(asking("HEAD"), "c"), "NO_COMPENSATION")).toEqual([]);
    expect(places(exiting(asking("PUT"), "c"), "NO_COMPENSATION")).toHaveLength(1);
  });

  it("what goes in circles does not keep all that start would undo", () => {
    const round = (rollbackTo: string, back: JsonObject[], compensate: JsonObject = call("undo")) =>
      short({
        a: { type: "initial", transitions: [to("b")] },
        b: {
          type: "task",
          entryActions: [call("x", { onError: { strategy: "rollback", rollbackTo }, compensate })],
          transitions: [to("end"), ...back],
        },
        end,
      });
    const again = [to("b", { event: "again" })];
    expect(places(round("start", again), "UNDO_GROWS")).toEqual(["warning /states/b/entryActions/0"]);
    expect(places(round("a", again), "UNDO_GROWS")).toEqual([]);
    expect(places(round("start", []), "UNDO_GROWS")).toEqual([]);
    const child = short({
      a: { type: "initial", transitions: [to("b")] },
      b: {
        type: "task",
        subMachine: { stateMachineId: "c" },
        timeout: { after: "PT1H", onTimeout: { strategy: "rollback", rollbackTo: "start" } },
        transitions: [to("end"), to("a", { event: "again" })],
      },
      end,
    });
    expect(places(child, "UNDO_GROWS")).toEqual(["warning /states/b"]);
  });

  it("an error route of what is around, or an event sub-process, counts for the actions inside", () => {
    const boxed = (more: JsonObject, beside: JsonObject = {}) =>
      short({
        start: { type: "initial", transitions: [to("box")] },
        box: {
          type: "compound",
          states: { in: { type: "initial", entryActions: [bare], transitions: [to("out")] }, out: end },
          transitions: [to("end")],
          ...more,
        },
        ...beside,
        end,
        failed: { type: "error" },
      });
    expect(places(boxed({}), "NO_ERROR_ROUTE")).toHaveLength(1);
    const routes = { transitions: [to("end"), to("end", { event: "error" })] };
    expect(places(boxed(routes), "NO_ERROR_ROUTE")).toEqual([]);
    const handler = (event: string) => ({
      handler: { type: "compound", triggeredBy: { event }, states: { h: { type: "initial" } } },
    });
    expect(places(boxed({}, handler("error.LATE")), "NO_ERROR_ROUTE")).toEqual([]);
    expect(places(boxed({}, handler("late")), "NO_ERROR_ROUTE")).toHaveLength(1);
  });

  it("abort does not lead to a final state inside another, after which the instance would go on", () => {
    const document = (errorState: string) =>
      short(
        {
          a: { type: "initial", transitions: [to("box")] },
          box: {
            type: "compound",
            states: {
              in: { type: "initial", transitions: [to("out"), to("bad", { event: "e" })] },
              out: end,
              bad: { type: "error" },
            },
            transitions: [to("end")],
          },
          end,
        },
        { globalErrorHandler: { errorState } },
      );
    expect(places(document("out"), "ERROR_STATE_NOT_FINAL")).toHaveLength(1);
    expect(places(document("bad"), "ERROR_STATE_NOT_FINAL")).toEqual([]);
    expect(places(document("end"), "ERROR_STATE_NOT_FINAL")).toEqual([]);
  });

  it("abort has a state to go to", () => {
    const none = short({ a: { type: "initial", entryActions: [bare], transitions: [to("end")] }, end });
    expect(places(none, "NO_ERROR_STATE")).toEqual(["warning /states"]);
    const several = { failed2: { type: "final", stateType: "error" } };
    expect(places(machine(bare, {}, several), "NO_ERROR_STATE")).toEqual(["warning /states"]);
    expect(
      places(machine(bare, { globalErrorHandler: { errorState: "failed2" } }, several), "NO_ERROR_STATE"),
    ).toEqual([]);
    expect(places(machine(bare, {}, { error: { type: "error" }, ...several }), "NO_ERROR_STATE")).toEqual([]);
  });

  it.each([
    "http://example.com/x",
    "http://api.bank.com:8080",
    "http://8.8.8.8/",
    "HTTP://EXAMPLE.COM",
    "http://user@bank.com/",
    "http://[2001:db8::1]/",
  ])("%s goes to a public host over plain http", (url) => {
    expect(places(machine(call("x", { trigger: { webhook: { url } } })), "PLAIN_HTTP")).toEqual([
      "warning /states/a/entryActions/0/trigger/webhook/url",
    ]);
  });

  it.each([
    "https://example.com/x",
    "http://127.0.0.1:80/",
    "http://localhost:3000/",
    "http://10.1.2.3/",
    "http://bank:8080/",
    "http://[::1]:80/",
    "http://${variables.host}/",
    "http://bank.example/",
    "http://192.168.1.1",
    "http://172.20.0.1",
  ])("%s does not", (url) => {
    expect(places(machine(call("x", { trigger: { webhook: { url } } })), "PLAIN_HTTP")).toEqual([]);
  });

  it("secrets are named, not written down", () => {
    const webhook = (more: JsonObject) =>
      machine(call("x", { trigger: { webhook: { url: "https://a.com", ...more } } }));
    const at = "warning /states/a/entryActions/0/trigger/webhook";
    expect(places(webhook({ auth: { bearer: "abc" } }), "LITERAL_SECRET")).toEqual([`${at}/auth/bearer`]);
    expect(places(webhook({ auth: { bearer: { secret: "TOKEN" } } }), "LITERAL_SECRET")).toEqual([]);
    expect(places(webhook({ auth: { basic: { username: "u", password: "p" } } }), "LITERAL_SECRET")).toEqual([
      `${at}/auth/basic/password`,
    ]);
    expect(
      places(webhook({ headers: { Authorization: "Bearer abc", Accept: "text/plain" } }), "LITERAL_SECRET"),
    ).toEqual([`${at}/headers/Authorization`]);
    expect(places(webhook({ headers: { Authorization: "$variables.token" } }), "LITERAL_SECRET")).toEqual([]);
  });
});
