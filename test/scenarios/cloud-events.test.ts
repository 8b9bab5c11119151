/** The machine's callback handler: CloudEvents 1.0, in order, for as long as 24 hours. On every store, on a virtual clock. */

import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { afterEach, describe, expect, it } from "vitest";
import { isJsonObject, type JsonObject } from "../../src/core/json/json.js";
import type { ChannelOutcome, ChannelRequest } from "../../src/ports/channel.js";
import { CLOUD_EVENT } from "../kit/cloud-event-schema.js";
import { workMachine } from "../kit/definitions.js";
import { type EngineBench, openBench, STORE_KINDS } from "../kit/engine-bench.js";
import { failed, ok, ScriptedChannel } from "../kit/scripted-channel.js";

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
(addFormats as unknown as (given: Ajv) => void)(ajv);
const isCloudEvent = ajv.compile(CLOUD_EVENT);

/** Keeps whole requests to the handler; the rest is scripted. */
class ListeningChannel extends ScriptedChannel {
  readonly told: JsonObject[] = [];

  override send(request: ChannelRequest, signal: AbortSignal): Promise<ChannelOutcome> {
    if (String(request.settings.url).endsWith("/all")) this.told.push(request.settings);
    return super.send(request, signal);
  }

  events(): JsonObject[] {
    return this.told.map(({ payload }) => (isJsonObject(payload ?? null) ? (payload as JsonObject) : {}));
  }

  kinds(): string[] {
    return this.events().map(({ type, data }) => {
      const to = isJsonObject(data ?? null) ? (data as JsonObject).to : undefined;
      return `${String(type).replace("statewright.instance.", "")}${to === undefined ? "" : ` ${String(to)}`}`;
    });
  }
}

const told = (more: JsonObject = {}, action: JsonObject = {}) =>
  workMachine(action, {
    machine: { globalCallbackHandler: { webhook: { url: "http://x.example/all" } }, ...more },
  });

const ALL = ["state-changed init", "state-changed work", "state-changed done", "completed"];

describe.each(STORE_KINDS)("on %s", (kind) => {
  let bench: EngineBench | undefined;
  let channel = new ListeningChannel();

  async function open(definition: JsonObject): Promise<EngineBench> {
    channel = new ListeningChannel();
    bench = await openBench(kind, [definition], { channels: new Map([["webhook", channel]]) });
    return bench;
  }

  afterEach(async () => {
    await bench?.close();
    bench = undefined;
  });

  it("every message is a CloudEvent of the instance, whatever characters its id has", async () => {
    const { engine, settle } = await open({ ...told(), stateMachineId: "_Caisse-1.b", version: 7 });
    channel.on("/work", () => failed("no", true));
    const { instanceId } = await engine.start("_Caisse-1.b", { instanceId: "caisse d'épargne #1/ü?%" });
    await engine.send(instanceId, "go");
    await settle();
    const kinds = channel.kinds();
    expect(kinds).toEqual(["state-changed init", "state-changed work", "state-changed failed", "error"]);
    for (const [at, event] of channel.events().entries()) {
      expect([isCloudEvent(event), isCloudEvent.errors, kinds[at]]).toEqual([true, null, kinds[at]]);
      expect(event).toMatchObject({
        subject: instanceId,
        time: "2026-01-01T00:00:00.000Z",
        datacontenttype: "application/json",
        source: "/machines/_Caisse-1.b/versions/7",
        data: { instanceId, stateMachineId: "_Caisse-1.b", version: 7 },
      });
    }
    for (const { headers, method } of channel.told) {
      expect([(headers as JsonObject)["content-type"], method ?? "POST"]).toEqual([
        "application/cloudevents+json",
        "POST",
      ]);
    }
  });

  it("an id is one message's alone, and the same for all its tries", async () => {
    const { engine, clock } = await open(told());
    channel.on("/all", (attempt) => (attempt % 3 === 0 ? ok() : failed("down")));
    const { instanceId } = await engine.start("workMachine");
    await engine.send(instanceId, "go");
    await clock.advanceBy(3_600_000);
    const ids = channel.events().map(({ id }) => String(id));
    expect(ids.length).toBe(12);
    for (let at = 0; at < 12; at += 3) expect(new Set(ids.slice(at, at + 3)).size).toBe(1);
    expect(new Set(ids).size).toBe(4);
    const texts = new Set(channel.events().map((event) => JSON.stringify(event)));
    expect(texts.size).toBe(4);
  });

  it("a message that is not taken holds back the later ones of its instance, and nothing else", async () => {
    const { engine, clock, settle } = await open(told());
    let isDown = true;
    channel.on("/all", () => (isDown ? failed("down") : ok()));
    const { instanceId } = await engine.start("workMachine");
    await engine.send(instanceId, "go");
    await settle();
    expect((await engine.get(instanceId)).status).toBe("completed");
    await clock.advanceBy(60_000);
    expect(new Set(channel.kinds())).toEqual(new Set(["state-changed init"]));
    isDown = false;
    const other = await engine.start("workMachine");
    await settle();
    expect(channel.events().at(-1)?.subject).toBe(other.instanceId);
    await clock.advanceBy(600_000);
    const subjects = (id: string) => channel.kinds().filter((_, at) => channel.events()[at]?.subject === id);
    expect([...new Set(subjects(instanceId))]).toEqual(ALL);
    expect(subjects(other.instanceId)).toEqual(["state-changed init"]);
  });

  it("sensitive data is masked in it", async () => {
    const { engine, settle } = await open({ ...told(), sensitive: ["/card/number"] });
    const data = { card: { number: "4111-secret", month: 7 } };
    const { instanceId } = await engine.start("workMachine", { data });
    await engine.send(instanceId, "go");
    await settle();
    expect(channel.told.length).toBe(4);
    expect(JSON.stringify(channel.told)).not.toContain("4111-secret");
    const [first] = channel.events();
    expect(first).toMatchObject({ data: { data: { card: { month: 7 } } } });
  });

  it("what nobody takes for 24 hours becomes an incident, which holds nothing up and tells nobody", async () => {
    const { engine, clock } = await open(told());
    channel.on("/all", () => failed("down"));
    const { instanceId } = await engine.start("workMachine");
    await engine.send(instanceId, "go");
    await clock.advanceBy(23.5 * 3_600_000);
    expect((await engine.get(instanceId)).incidents ?? []).toEqual([]);
    expect(new Set(channel.kinds())).toEqual(new Set(["state-changed init"]));
    // Waits double from a second to ten minutes: 10 tries in the first 17 minutes, then 6 an hour.
    expect(channel.told.length).toBeGreaterThan(130);
    expect(channel.told.length).toBeLessThan(160);
    await clock.advanceBy(1.5 * 3_600_000);
    const { status, incidents = [] } = await engine.get(instanceId);
    expect(status).toBe("completed");
    expect(incidents).toEqual(
      ALL.map(() => expect.objectContaining({ code: "CALLBACK_FAILED", suspends: false })),
    );
    expect(incidents[0]?.message).toMatch(/global notice was given up after 24 hours: .*down/);
    expect((await engine.pending(instanceId)).effects).toEqual([]);
    const tries = channel.told.length;
    await clock.advanceBy(24 * 3_600_000);
    expect(channel.told.length).toBe(tries);
  });
});
