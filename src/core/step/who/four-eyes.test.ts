import { describe, expect, it } from "vitest";
import { PureRun } from "../../../../test/kit/pure-run.js";
import type { JsonObject } from "../../json/json.js";
import { MAX_SENDERS } from "./four-eyes.js";

const manual = (eventId: string) => [{ eventId, trigger: "manual" }];

/** Submitted as often as somebody likes, then approved by another one. */
const order = (approval: JsonObject = {}): JsonObject => ({
  stateMachineId: "order",
  states: [
    { stateId: "draft", baseStateType: "initial" },
    { stateId: "review", baseStateType: "userTask" },
    { stateId: "approved", baseStateType: "final" },
  ],
  transitions: [
    { transitionId: "toReview", fromStateId: "draft", toStateId: "review", event: manual("submit") },
    { transitionId: "back", fromStateId: "review", toStateId: "draft", event: manual("reject") },
    {
      transitionId: "approval",
      fromStateId: "review",
      toStateId: "approved",
      event: manual("approve"),
      distinctFrom: "submit",
      ...approval,
    },
  ],
});

function submitted(by: string, definition = order()): PureRun {
  const run = new PureRun(definition);
  run.start();
  run.send("submit", {}, by);
  return run;
}

const approveBy = (actor: string) =>
  ({ type: "event", eventId: "approve", data: {}, variables: {}, actor }) as const;

describe("four eyes", () => {
  it("who sent the named event is refused, and another one is not", () => {
    const run = submitted("ada");
    const refused = run.refuse(approveBy("ada"));
    expect(refused.code).toBe("NOT_DISTINCT");
    expect(refused.message).toMatch(/"approve".*"submit".*"ada"/);
    expect(run.send("approve", {}, "bob")).toMatchObject({ outcome: "taken", to: "approved" });
  });

  it("the rule may name the transition instead of its event", () => {
    const run = submitted("ada", order({ distinctFrom: "toReview" }));
    expect(run.refuse(approveBy("ada")).code).toBe("NOT_DISTINCT");
    expect(run.send("approve", {}, "bob").outcome).toBe("taken");
  });

  it("whoever sent it in an earlier round is refused too", () => {
    const run = submitted("ada");
    run.send("reject", {}, "cleo");
    run.send("submit", {}, "bob");
    for (const actor of ["ada", "bob"]) expect(run.refuse(approveBy(actor)).code).toBe("NOT_DISTINCT");
    expect(run.send("approve", {}, "cleo").outcome).toBe("taken");
  });

  it.each(["anonymous", "system"])(
    "%s is nobody: neither may it approve, nor can what it sent be approved",
    (nobody) => {
      expect(submitted("ada").refuse(approveBy(nobody)).code).toBe("NOT_DISTINCT");
      expect(submitted(nobody).refuse(approveBy("bob")).code).toBe("NOT_DISTINCT");
      expect(submitted(nobody).refuse(approveBy(nobody)).code).toBe("NOT_DISTINCT");
    },
  );

  it("an event without a rule is anybody's, and its senders are not kept", () => {
    const run = submitted("anonymous", order({ distinctFrom: "reject" }));
    run.send("reject", {}, "eve");
    expect(run.snapshot?.senders).toEqual({ reject: ["eve"] });
  });

  it("past the senders that are kept nobody can be shown to be another one", () => {
    const run = new PureRun(order());
    run.start();
    for (let at = 0; at <= MAX_SENDERS; at += 1) {
      run.send("submit", {}, `sender-${at}`);
      run.send("reject", {}, "cleo");
    }
    run.send("submit", {}, "sender-0");
    expect(run.snapshot?.senders?.submit).toHaveLength(MAX_SENDERS + 1);
    expect(run.refuse(approveBy("zoe")).message).toMatch(/more than 100/);
  });

  it("a rule on its own event asks for another one each time", () => {
    const run = new PureRun({
      stateMachineId: "votes",
      states: [
        { stateId: "open", baseStateType: "initial" },
        { stateId: "closed", baseStateType: "final" },
      ],
      transitions: [
        { transitionId: "vote", fromStateId: "open", event: manual("approve"), distinctFrom: "approve" },
        { transitionId: "close", fromStateId: "open", toStateId: "closed", event: manual("close") },
      ],
    });
    run.start();
    run.send("approve", {}, "ada");
    expect(run.refuse(approveBy("ada")).code).toBe("NOT_DISTINCT");
    expect(run.send("approve", {}, "bob").outcome).toBe("taken");
  });
});

describe("four eyes over data", () => {
  /** As people answer a confirmation: by data that an automatic transition waits for. */
  const transfer = {
    stateMachineId: "transfer",
    states: [
      { stateId: "draft", baseStateType: "initial" },
      {
        stateId: "confirm",
        baseStateType: "userTask",
        entryActions: [{ actionId: "ask", type: "notification", config: { channel: "mail", template: "t" } }],
        data: {
          schema: { type: "object", properties: { isOk: { type: "boolean" }, note: { type: "string" } } },
        },
      },
      { stateId: "done", baseStateType: "final" },
    ],
    transitions: [
      { transitionId: "begin", fromStateId: "draft", toStateId: "confirm", event: manual("startTransfer") },
      {
        transitionId: "confirmed",
        fromStateId: "confirm",
        toStateId: "done",
        condition: "data.isOk === true || variables.isOk === true",
        distinctFrom: "startTransfer",
      },
    ],
  };
  const begun = (): PureRun => {
    const run = new PureRun(transfer);
    run.start();
    run.send("startTransfer", {}, "ada");
    return run;
  };
  const update = (actor: string, data: JsonObject) =>
    ({ type: "update", data, variables: {}, actor }) as const;

  it("the answer of who began is refused, whatever it says", () => {
    const run = begun();
    run.succeed();
    expect(run.refuse(update("ada", { isOk: true })).code).toBe("NOT_DISTINCT");
    expect(run.refuse(update("ada", { note: "hm" })).code).toBe("NOT_DISTINCT");
    expect(run.refuse(update("anonymous", { isOk: true })).code).toBe("NOT_DISTINCT");
    run.accept(update("bob", { isOk: true }));
    expect(run.snapshot?.status).toBe("completed");
  });

  it("an answer that comes while actions are under way counts when they are done", () => {
    const run = begun();
    run.accept(update("bob", { isOk: true }));
    expect(run.snapshot?.status).toBe("active");
    run.succeed();
    expect(run.snapshot?.status).toBe("completed");
  });

  it("what somebody arranged before does not take the transition by itself", () => {
    const run = new PureRun(transfer);
    run.start();
    run.accept({
      type: "event",
      eventId: "startTransfer",
      data: {},
      variables: { isOk: true },
      actor: "ada",
    });
    run.succeed();
    expect(run.snapshot?.status).toBe("active");
    run.accept(update("bob", { note: "seen" }));
    expect(run.snapshot?.status).toBe("completed");
  });
});

describe("four eyes and what is kept", () => {
  it("an event that waited for its turn is its sender's, not of whoever moves the instance then", () => {
    const run = new PureRun({
      stateMachineId: "slow",
      states: [
        {
          stateId: "a",
          baseStateType: "initial",
          entryActions: [{ actionId: "x", type: "notification", config: { channel: "mail", template: "t" } }],
        },
        { stateId: "b", baseStateType: "userTask" },
        { stateId: "c", baseStateType: "final" },
      ],
      transitions: [
        { transitionId: "go", fromStateId: "a", toStateId: "b", event: manual("go") },
        { transitionId: "end", fromStateId: "b", toStateId: "c", event: manual("end"), distinctFrom: "go" },
      ],
    });
    run.start();
    expect(run.send("go", {}, "ada").outcome).toBe("queued");
    expect(run.send("end", {}, "ada").outcome).toBe("queued");
    run.succeed();
    expect(run.snapshot?.tokens[0]?.stateId).toBe("b");
    expect(run.records.find(({ type }) => type === "event-discarded")).toMatchObject({
      code: "NOT_DISTINCT",
    });
    expect(run.send("end", {}, "bob").outcome).toBe("taken");
  });
});
