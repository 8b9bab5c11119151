/**
 * The working desk over the HTTP API of a server.
 *
 * 1. Every command has an idempotency key, its own where none is given, under which it is repeated while it is not answered.
 * 2. A command is committed first and waited for then, under the same key, as long as the command line says: a server
 *    waits for 30 s at most.
 * 3. What a filter means is looked up first, so that a repeated act is about the same instances.
 */
import { randomUUID } from "node:crypto";
import type { Answer } from "../../core/message/answer.js";
import type {
  InstanceDocument,
  OperateAllRequest,
  OperateOutcome,
  OperateResult,
  PublishOutcome,
  SignalOutcome,
} from "../../index.js";
import type { Settled, WorkingDesk } from "../desk/desk.js";
import { batchBodyOf } from "./batch-body.js";
import type { HttpClient, Posting } from "./http-client.js";
import { ServerProblem } from "./server-problem.js";

const MAX_WAIT_MS = 30_000;
/** As long as a command waits for what it has caused. */
const SETTLE_LIMIT_MS = 10_000;
/** Instances of one request: it is answered before anybody thinks that it is not. */
const AT_ONCE = 50;
const GOES_ON = "on the server";

/** The document has the answer's `outcome` in the place of its own. */
interface StartedBody extends Omit<InstanceDocument, "outcome"> {
  readonly outcome: "started";
  readonly to: string;
  readonly isRepeated: boolean;
}
type SentBody = Answer & { readonly isRepeated: boolean; readonly instance: InstanceDocument };

export function remoteWorking(client: HttpClient): WorkingDesk {
  return {
    publish: (text, { author, note }) =>
      client.post<PublishOutcome>("/v1/definitions", {
        body: text,
        actor: author,
        query: note === "" ? {} : { note },
      }),
    async start(stateMachineId, request, timeoutMs) {
      const { actor, source: _, idempotencyKey, ...facts } = request;
      const posting = { body: { stateMachineId, ...facts }, ...underKey(idempotencyKey), ...by(actor) };
      const command = new Command<StartedBody>(client, "/v1/instances", posting);
      const first = await command.commit();
      const { instanceId, to } = first;
      const last = await command.settle(timeoutMs);
      // Whoever may start need not be allowed to read: the answer has the instance in it.
      const instance = documentIn(last ?? (await command.commit()));
      return {
        instanceId,
        // A start is the first command of its instance.
        answer: { outcome: "started", seq: 1, to },
        isRepeated: idempotencyKey !== undefined && first.isRepeated,
        settled: settledAs(instance, last !== undefined),
      };
    },
    async send(instanceId, eventId, request, timeoutMs) {
      const { actor, data, variables, idempotencyKey, expectedSeq } = request;
      const posting = {
        body: { event: eventId, data, variables },
        ...underKey(idempotencyKey),
        ...by(actor),
        ...(expectedSeq === undefined ? {} : { headers: { "if-match": `"${expectedSeq}"` } }),
      };
      const path = `/v1/instances/${encodeURIComponent(instanceId)}/events`;
      const command = new Command<SentBody>(client, path, posting);
      const { isRepeated } = await command.commit();
      const last = await command.settle(timeoutMs);
      if (last === undefined) throw command.outOfTime;
      const { instance, isRepeated: _, ...answer } = last;
      return {
        instanceId,
        answer,
        isRepeated: idempotencyKey !== undefined && isRepeated,
        settled: settledAs(instance, true),
      };
    },
    async signal(name, { data, actor, idempotencyKey }) {
      const posting = { body: { signal: name, data }, ...underKey(idempotencyKey), ...by(actor) };
      const { taken, started } = await client.post<SignalOutcome>("/v1/signals", posting);
      return { taken, started };
    },
    operate: (request, onProgress) => operate(client, request, onProgress),
  };
}

/** One command: committed at once, then asked for under its key until the instance is settled. */
class Command<Body> {
  /** What the server said when the time was up. */
  outOfTime: ServerProblem | undefined;

  constructor(
    private readonly client: HttpClient,
    private readonly path: string,
    private readonly posting: Posting,
  ) {}

  commit(): Promise<Body> {
    return this.client.post<Body>(this.path, this.posting);
  }

  /** Undefined when the time is up before. */
  async settle(timeoutMs: number): Promise<Body | undefined> {
    const endsAtMs = Date.now() + timeoutMs;
    for (;;) {
      const leftMs = Math.max(1, Math.min(MAX_WAIT_MS, endsAtMs - Date.now()));
      try {
        const query = { wait: "settled", timeoutMs: Math.ceil(leftMs) };
        return await this.client.post<Body>(this.path, { ...this.posting, query });
      } catch (error) {
        if (!(error instanceof ServerProblem) || error.code !== "WAIT_TIMEOUT") throw error;
        this.outOfTime = error;
        if (Date.now() >= endsAtMs) return undefined;
      }
    }
  }
}

async function operate(
  client: HttpClient,
  request: OperateAllRequest,
  onProgress: (done: number, total: number) => void,
): Promise<OperateOutcome> {
  const { ids, ...meant } = await instancesMeant(client, request);
  const { filter: _, ...body } = batchBodyOf(request);
  const query = { wait: "settled", timeoutMs: SETTLE_LIMIT_MS };
  const posting = { query, ...underKey(undefined), ...by(request.actor) };
  const results: OperateResult[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const instanceIds = ids.slice(at, at + AT_ONCE);
    const done = await client.post<OperateOutcome>("/v1/batches", {
      ...posting,
      body: { ...body, instanceIds },
    });
    results.push(...done.results);
    onProgress(results.length, ids.length);
  }
  return { dryRun: false, results, ...meant };
}

async function instancesMeant(client: HttpClient, request: OperateAllRequest) {
  const { instanceIds } = request;
  if (instanceIds !== undefined) return { ids: [...new Set(instanceIds)], isMore: false };
  const body = { ...batchBodyOf(request), dryRun: true };
  const { results, isMore, whereFault } = await client.post<OperateOutcome>("/v1/batches", { body });
  const ids = results.map(({ instanceId }) => instanceId);
  return { ids, isMore, ...(whereFault === undefined ? {} : { whereFault }) };
}

function underKey(given: string | undefined): { readonly key: string } {
  return { key: given ?? `cli-${randomUUID()}` };
}

function by(actor: string | undefined): { readonly actor?: string } {
  return actor === undefined ? {} : { actor };
}

function documentIn({ outcome: _, to: __, isRepeated: ___, ...document }: StartedBody): InstanceDocument {
  return document;
}

function settledAs(instance: InstanceDocument, isSettled: boolean): Settled {
  return { isSettled, instance, open: [], goesOn: GOES_ON };
}
