/**
 * A server is killed amid the requests of clients that do what the documents say: whoever has no answer sends the same request
 * again, under the same key (events) or the same message id (webhooks). Every one of them must have acted once.
 *
 * `CRASH_SERVE_KILLS` (15) makes a longer run of it, `CRASH_SEED` (1) draws other moments.
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { createEngine, sqlite } from "../../src/index.js";
import { type Running, Workspace } from "../cli/cli-process.js";
import { drawFrom } from "./draw.js";

const KILLS = Number(process.env.CRASH_SERVE_KILLS ?? 15);
const SEED = Number(process.env.CRASH_SEED ?? 1);
const CLIENTS = 20;
const LEAST_ANSWERS_BEFORE_KILL = 20;
const isBuilt = existsSync(fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url)));

const LAST = { data: { schema: { type: "object", properties: { diary: {}, last: {} } } } };

/** Begins with a webhook; every event and every webhook leads to the same state again, with what it brought. */
const DIARY = {
  stateMachineId: "diary",
  immutable: ["diary"],
  states: [
    { stateId: "open", baseStateType: "initial", ...LAST, startOn: { trigger: "webhook", path: "diaries" } },
    { stateId: "closed", baseStateType: "final" },
  ],
  transitions: [
    {
      transitionId: "write",
      fromStateId: "open",
      toStateId: "open",
      event: [
        { eventId: "write", trigger: "manual" },
        {
          eventId: "written",
          trigger: "webhook",
          path: "entries",
          correlate: "$data.diary",
          message: "message.body.diary",
          data: { last: "$message.body.last" },
        },
      ],
    },
    {
      transitionId: "close",
      fromStateId: "open",
      toStateId: "closed",
      event: [{ eventId: "close", trigger: "manual" }],
    },
  ],
};

interface Asked {
  readonly path: string;
  readonly key: string;
  readonly body: object;
}

/** The server, life after life on one database. */
class Lives {
  answers = 0;
  asked = 0;
  answeredAgain = 0;
  #url: Promise<string> = Promise.reject(new Error("It was not started."));
  #running: Running | undefined;
  #wanted: { readonly count: number; readonly reach: () => void } | undefined;

  constructor(private readonly place: Workspace) {
    this.#url.catch(() => {});
  }

  start(): Promise<string> {
    const running = this.place.start([
      "serve",
      "--port",
      "0",
      "--json",
      "--definitions",
      "definitions",
      "--db",
      "db",
    ]);
    this.#running = running;
    this.#url = new Promise((resolve, reject) => {
      let text = "";
      running.child.stdout.on("data", (chunk: string) => {
        text += chunk;
        if (text.includes("\n}\n")) resolve(String(JSON.parse(text).url));
      });
      void running.finished.then(({ stderr }) => reject(new Error(`It has ended: ${stderr}`)));
    });
    // A client may not have asked for it yet.
    this.#url.catch(() => {});
    return this.#url;
  }

  /** Kills it and starts the next: who asks from now on waits for that one. */
  async kill(): Promise<void> {
    const killed = this.#running;
    const died = killed?.finished;
    this.#url = (died ?? Promise.resolve()).then(() => this.start());
    this.#url.catch(() => {});
    killed?.child.kill("SIGKILL");
    expect(await died).toMatchObject({ signal: "SIGKILL" });
    await this.#url;
  }

  async stop(): Promise<void> {
    this.#running?.child.kill("SIGTERM");
    expect(await this.#running?.finished).toMatchObject({ code: 0 });
  }

  /** Resolves when so many more requests were answered. */
  answered(count: number): Promise<void> {
    return new Promise((reach) => {
      this.#wanted = { count: this.answers + count, reach };
    });
  }

  /** The answer of a request that is sent until it has one. */
  async ask({ path, key, body }: Asked): Promise<{ readonly [name: string]: unknown }> {
    for (;;) {
      const url = await this.#url.catch(() => undefined);
      if (url === undefined) {
        await new Promise((resolve) => setImmediate(resolve));
        continue;
      }
      this.asked += 1;
      try {
        const response = await fetch(`${url}${path}`, {
          method: "POST",
          body: JSON.stringify(body),
          headers: {
            "content-type": "application/json",
            [path.startsWith("/hooks/") ? "webhook-id" : "idempotency-key"]: key,
          },
        });
        const answer = (await response.json()) as { readonly [name: string]: unknown };
        expect([200, 202], JSON.stringify(answer)).toContain(response.status);
        if (answer.isRepeated === true) this.answeredAgain += 1;
        this.answers += 1;
        if (this.#wanted !== undefined && this.answers >= this.#wanted.count) this.#wanted.reach();
        return answer;
      } catch (error) {
        // No answer, or half of one: whether it acted is what nobody knows.
        if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }
}

/** Begins a diary and writes into it, by turns with an event and a webhook, until it is told to stop. */
async function client(lives: Lives, name: string, isOver: () => boolean) {
  const { receivers } = await lives.ask({
    path: "/hooks/diaries",
    key: `begin-${name}`,
    body: { diary: name },
  });
  const [receiver] = receivers as readonly { readonly instanceId: string }[];
  const instanceId = receiver?.instanceId ?? "";
  const written: string[] = [];
  while (!isOver()) {
    const last = `${name}-${written.length}`;
    const asked =
      written.length % 2 === 0
        ? { path: `/v1/instances/${instanceId}/events`, body: { event: "write", data: { last } } }
        : { path: "/hooks/entries", body: { diary: name, last } };
    await lives.ask({ ...asked, key: last });
    written.push(last);
  }
  return { name, instanceId, written };
}

test.skipIf(!isBuilt)(
  `${KILLS} kills of a server under ${CLIENTS} clients lose and double no event and no webhook`,
  { timeout: 60_000 + KILLS * 10_000 },
  async () => {
    const place = new Workspace();
    onTestFinished(() => place.dispose());
    mkdirSync(place.path("definitions"));
    writeFileSync(join(place.path("definitions"), "diary.json"), JSON.stringify(DIARY));
    const lives = new Lives(place);
    await lives.start();
    let isOver = false;
    const clients = Promise.all(
      Array.from({ length: CLIENTS }, (_, index) => client(lives, `diary${index}`, () => isOver)),
    );
    const draw = drawFrom(SEED);
    for (let kill = 0; kill < KILLS; kill += 1) {
      await Promise.race([lives.answered(LEAST_ANSWERS_BEFORE_KILL + draw(60)), clients]);
      await lives.kill();
    }
    isOver = true;
    const logs = await clients;
    await lives.stop();

    const engine = await createEngine({ store: sqlite(place.path("db")) });
    try {
      expect((await engine.list({ limit: 1_000 })).length).toBe(CLIENTS);
      for (const { name, instanceId, written } of logs) {
        // What an event brings belongs to the visit that it ends.
        const ended = (await engine.history(instanceId)).slice(0, -1);
        expect(ended.map(({ data }) => data)).toEqual(written.map((last) => ({ diary: name, last })));
        expect(await engine.reader.verify(instanceId)).toMatchObject({ isValid: true });
      }
    } finally {
      await engine.close();
    }
    // Kills that leave nothing open would show nothing.
    expect(lives.answers).toBeGreaterThanOrEqual(KILLS * LEAST_ANSWERS_BEFORE_KILL);
    expect(lives.asked - lives.answers).toBeGreaterThan(KILLS);
    expect(lives.answeredAgain).toBeGreaterThan(0);
    console.log(
      `${KILLS} kills (seed ${SEED}): ${lives.answers} requests answered, ${lives.asked - lives.answers} sent again, ` +
        `${lives.answeredAgain} of them had acted already; none lost, none doubled`,
    );
  },
);
