/** The same scenarios on every store: the runtime with its loops, on a virtual clock. */
import { afterEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json/json.js";
import type { EngineOptions } from "../../src/engine.js";
import { webhookAction, workMachine } from "../kit/definitions.js";
import { type EngineBench, openBench, STORE_KINDS } from "../kit/engine-bench.js";
import { failed, never, ok } from "../kit/scripted-channel.js";

describe.each(STORE_KINDS)("on %s", (kind) => {
  let bench: EngineBench | undefined;

  async function open(definition: JsonObject, options: Partial<EngineOptions> = {}): Promise<EngineBench> {
    bench = await openBench(kind, [definition], options);
    return bench;
  }

  afterEach(async () => {
    await bench?.close();
    bench = undefined;
  });

  test("an instance runs to its end and its document has the whole history", async () => {
    const { engine, channel, settle } = await open(workMachine({ output: {} }));
    channel.on("/work", () => ok({ reference: "R1" }));
    const { instanceId } = await engine.start("workMachine", { actor: "ada" });
    const { answer } = await engine.send(instanceId, "go", { actor: "bob" });
    expect(answer).toMatchObject({ outcome: "taken", transitionId: "go", from: "init", to: "work" });
    await settle();
    const document = await engine.get(instanceId);
    expect(document).toMatchObject({
      currentState: "done",
      status: "completed",
      stateMachineId: "workMachine",
    });
    expect(document.history.map((visit) => [visit.state, visit.transitionId, visit.actor])).toEqual([
      ["init", undefined, "ada"],
      ["work", "go", "bob"],
      ["done", "finish", "system"],
    ]);
    expect(document.history[1]?.actions[0]).toMatchObject({
      actionId: "work",
      status: "completed",
      tries: 1,
      result: { reference: "R1" },
    });
  });

  test("tries are made again by durable timers, all under one key", async () => {
    const { engine, channel, clock, settle } = await open(workMachine({ retryCount: 2, retryDelay: "P1D" }));
    channel.on("/work", (attempt) => (attempt < 3 ? failed("down") : ok()));
    const { instanceId } = await engine.start("workMachine");
    await engine.send(instanceId, "go");
    await settle();
    expect(channel.paths()).toEqual(["/work"]);
    await clock.advanceBy(2 * 86_400_000);
    expect((await engine.get(instanceId)).status).toBe("completed");
    expect(new Set(channel.sent.map((sent) => sent.key)).size).toBe(1);
    expect(channel.sent.length).toBe(3);
  });

  test("a try that does not end in time is given up", async () => {
    const { engine, channel, clock } = await open(workMachine({ timeout: "PT5S", onTimeout: "abort" }));
    channel.on("/work", never);
    const { instanceId } = await engine.start("workMachine");
    await engine.send(instanceId, "go");
    await clock.advanceBy(5_000);
    expect(await engine.get(instanceId)).toMatchObject({
      status: "error",
      variables: { lastError: { errorCode: "ACTION_TIMEOUT" } },
    });
  });

  test("a repeated idempotency key gets the first answer and changes nothing", async () => {
    const { engine, settle } = await open(workMachine());
    const { instanceId } = await engine.start("workMachine", { idempotencyKey: "s1" });
    const again = await engine.start("workMachine", { idempotencyKey: "s1" });
    expect(again).toMatchObject({ instanceId, isRepeated: true });
    const first = await engine.send(instanceId, "go", { idempotencyKey: "k1" });
    await settle();
    const second = await engine.send(instanceId, "go", { idempotencyKey: "k1" });
    expect(second).toEqual({ answer: first.answer, isRepeated: true });
    await expect(engine.send(instanceId, "finish", { idempotencyKey: "k1" })).rejects.toMatchObject({
      code: "IDEMPOTENCY_MISMATCH",
    });
  });

  test("two requests under one key at the same time act once", async () => {
    const { engine } = await open(workMachine());
    const { instanceId } = await engine.start("workMachine");
    const answers = await Promise.all(
      [1, 2, 3].map(() => engine.send(instanceId, "go", { idempotencyKey: "k1" })),
    );
    expect(answers.map(({ isRepeated }) => isRepeated)).toEqual([false, true, true]);
    expect((await engine.audit(instanceId)).filter((row) => row.type === "event").length).toBe(1);
  });

  test("a refused event leaves no trace, also not under its key", async () => {
    const { engine } = await open(workMachine());
    const { instanceId } = await engine.start("workMachine");
    await expect(engine.send(instanceId, "nonsense", { idempotencyKey: "k1" })).rejects.toMatchObject({
      code: "NOT_ENABLED",
    });
    expect((await engine.audit(instanceId)).length).toBe(1);
    await engine.send(instanceId, "go", { idempotencyKey: "k1" });
  });

  test("commands of one instance are totally ordered, those of many go together", async () => {
    const { engine, settle } = await open({
      stateMachineId: "counter",
      states: [
        { stateId: "init", baseStateType: "initial" },
        { stateId: "done", baseStateType: "final" },
      ],
      transitions: [
        {
          transitionId: "count",
          fromStateId: "init",
          event: [{ eventId: "count", trigger: "manual" }],
          actions: [{ actionId: "add", type: "assign", assign: { n: "${(data.n ?? 0) + 1}" } }],
        },
        {
          transitionId: "end",
          fromStateId: "init",
          toStateId: "done",
          event: [{ eventId: "end", trigger: "manual" }],
        },
      ],
    });
    const started = await Promise.all(Array.from({ length: 20 }, () => engine.start("counter")));
    await Promise.all(
      started.flatMap(({ instanceId }) => Array.from({ length: 10 }, () => engine.send(instanceId, "count"))),
    );
    await settle();
    for (const { instanceId } of started) expect((await engine.get(instanceId)).data).toEqual({ n: 10 });
  });

  test("the callback handler is told in order, each notice again until it is taken", async () => {
    const { engine, channel, clock } = await open(
      workMachine({}, { machine: { globalCallbackHandler: { webhook: { url: "http://x.example/all" } } } }),
    );
    channel.on("/all", (attempt) => (attempt === 1 ? failed("down") : ok()));
    const { instanceId } = await engine.start("workMachine");
    await engine.send(instanceId, "go");
    await clock.advanceBy(60_000);
    const told = channel.sent
      .filter((sent) => sent.path === "/all")
      .map((sent) => (sent.payload.data as JsonObject).to ?? sent.payload.type);
    expect(told).toEqual(["init", "init", "work", "done", "statewright.instance.completed"]);
    expect((await engine.pending(instanceId)).effects).toEqual([]);
  });

  test("a try that hangs holds up no delivery that is due meanwhile", async () => {
    const { engine, channel, clock } = await open(
      workMachine(
        { timeout: "PT1H" },
        { machine: { globalCallbackHandler: { webhook: { url: "http://x.example/all" } } } },
      ),
    );
    channel.on("/work", never);
    channel.on("/all", (attempt) => (attempt === 1 ? failed("down") : ok()));
    const { instanceId } = await engine.start("workMachine");
    await engine.send(instanceId, "go");
    await clock.advanceBy(30_000);
    expect(channel.paths().filter((path) => path === "/all").length).toBe(3);
  });

  test("a notice that nobody takes for 24 hours becomes an incident that holds nothing up", async () => {
    const { engine, channel, clock } = await open(
      workMachine({ callback: { webhook: { url: "http://x.example/told" } } }),
    );
    channel.on("/told", () => failed("down"));
    const { instanceId } = await engine.start("workMachine");
    await engine.send(instanceId, "go");
    await clock.advanceBy(25 * 3_600_000);
    const document = await engine.get(instanceId);
    expect(document.status).toBe("completed");
    expect(document.incidents).toMatchObject([{ code: "CALLBACK_FAILED", suspends: false }]);
    expect((await engine.pending(instanceId)).effects).toEqual([]);
  });

  test("a year of a workflow runs in virtual time", async () => {
    const { engine, clock } = await open({
      stateMachineId: "yearly",
      states: [
        { stateId: "init", baseStateType: "initial" },
        { stateId: "done", baseStateType: "final" },
      ],
      transitions: [
        {
          transitionId: "expire",
          fromStateId: "init",
          toStateId: "done",
          event: [{ eventId: "expired", trigger: "time-based", after: "P1Y" }],
        },
      ],
    });
    const { instanceId } = await engine.start("yearly");
    await clock.advanceBy(366 * 86_400_000);
    const document = await engine.get(instanceId);
    expect(document.status).toBe("completed");
    expect(document.history.at(-1)?.enteredAt).toBe("2027-01-01T00:00:00.000Z");
  });

  test("entry actions of a start are kept in order with events sent at once", async () => {
    const definition = workMachine();
    const states = (definition.states as JsonObject[]).map((state) =>
      state.stateId === "init" ? { ...state, entryActions: [webhookAction("hello")] } : state,
    );
    const { engine, channel, settle } = await open({ ...definition, states });
    let answerHello: () => void = () => {};
    channel.on(
      "/hello",
      () =>
        new Promise((resolve) => {
          answerHello = () => resolve(ok());
        }),
    );
    const { instanceId } = await engine.start("workMachine");
    const { answer } = await engine.send(instanceId, "go");
    expect(answer.outcome).toBe("queued");
    await settle();
    expect((await engine.get(instanceId)).currentState).toBe("init");
    answerHello();
    await settle();
    expect(channel.paths()).toEqual(["/hello", "/work"]);
    expect((await engine.get(instanceId)).status).toBe("completed");
  });
});
