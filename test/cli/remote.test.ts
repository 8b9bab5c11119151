import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Workspace } from "./cli-process.js";

const DATABASE = ".statewright/statewright.db";
const LEAVE = JSON.stringify({ person: "ada", days: 3 });

let workspace: Workspace;
const servers: Server[] = [];

beforeEach(() => {
  workspace = new Workspace();
});
afterEach(async () => {
  await workspace.dispose();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

type Handler = (
  request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Record<string, unknown>;
    readonly body: string;
  },
  upstream: () => Promise<{ readonly status: number; readonly text: string }>,
) => Promise<{ readonly status: number; readonly text: string } | "cut">;

/** Stands before a server, and may cut what goes through. */
async function between(target: string, handle: Handler): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    const { method = "GET", url = "/" } = request;
    const { host: _, connection: __, ...headers } = request.headers;
    const upstream = async () => {
      const answer = await fetch(target + url, {
        method,
        headers: headers as Record<string, string>,
        ...(body === "" ? {} : { body }),
      });
      return { status: answer.status, text: await answer.text() };
    };
    const heard = await handle({ method, url, headers, body }, upstream);
    if (heard === "cut") request.socket.destroy();
    else response.writeHead(heard.status, { "content-type": "application/problem+json" }).end(heard.text);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const problem = (status: number, code: string, more: object = {}) => ({
  status,
  text: JSON.stringify({ type: "x", title: "t", status, code, detail: `It is ${code}.`, ...more }),
});

describe("a command against a server", () => {
  test("says the same as on the server's database", async () => {
    await workspace.serve();
    await workspace.run(["publish", workspace.fixture("leave.json"), "--note", "first"]);
    await workspace.run(["start", "leave", "--data", LEAVE, "--instance", "l/1", "--actor", "eve"]);
    await workspace.run(["send", "l/1", "submit"]);
    const lines = [
      ["instances"],
      ["instances", "--machine", "leave@1", "--older-than", "PT0S"],
      ["show", "l/1"],
      ["history", "l/1"],
      ["audit", "l/1"],
      ["incidents"],
      ["incidents", "--summary"],
      ["definitions"],
      ["definitions", "show", "leave@1", "--to", "short"],
      ["definitions", "diff", "leave@1", "leave"],
      ["cancel", "--machine", "leave", "--reason", "x", "--dry-run"],
      ["show", "nobody"],
      ["definitions", "show", "none@3"],
    ];
    await Promise.all(
      lines.map(async (line, at) => {
        const words = at % 2 === 0 ? line : [...line, "--json"];
        const far = await workspace.run(words);
        const near = await workspace.run([...words, "--db", DATABASE]);
        expect([words, far.code]).toEqual([words, near.code]);
        if (near.code === 0) expect([words, far.stdout]).toEqual([words, near.stdout]);
      }),
    );
    const trail = await workspace.run(["history", "l/1"]);
    expect(trail.stdout).toContain("eve");
  }, 120_000);

  test("signals, and names who has begun with it", async () => {
    await workspace.serve();
    const { code, stdout } = await workspace.run(["signal", "nobodyWaits", "--json"]);
    expect([code, JSON.parse(stdout)]).toEqual([0, { signal: "nobodyWaits", taken: 0, started: [] }]);
  });

  test("that a server has done but not answered is repeated under its key, and done once", async () => {
    const { url } = await workspace.serve();
    await workspace.run(["publish", workspace.fixture("leave.json")]);
    let cuts = 0;
    const keys = new Set<unknown>();
    const cutting = await between(url, async ({ method, headers, body }, upstream) => {
      const answer = await upstream();
      if (method === "POST" && !body.includes('"dryRun":true')) keys.add(headers["idempotency-key"]);
      cuts += 1;
      return cuts % 2 === 1 ? "cut" : answer;
    });
    const run = async (...words: string[]) => {
      keys.clear();
      const { code, stdout } = await workspace.run([...words, "--json", "--url", cutting]);
      expect([words, code, keys.size, keys.has(undefined)]).toEqual([words, 0, 1, false]);
      return JSON.parse(stdout);
    };
    expect(await run("start", "leave", "--data", LEAVE)).toMatchObject({ isRepeated: false, seq: 1 });
    const [{ instanceId }] = JSON.parse((await workspace.run(["instances", "--json"])).stdout);
    expect(await run("send", instanceId, "--data", '{"days":4}')).toMatchObject({
      outcome: "updated",
      seq: 2,
    });
    expect(await run("signal", "nobodyWaits")).toMatchObject({ taken: 0 });
    const set = ["set", "--machine", "leave", "--data", '{"days":5}', "--reason", "x"];
    expect(await run(...set)).toMatchObject({ results: [{ instanceId, outcome: "done" }] });
    expect(await run("cancel", "--machine", "leave", "--reason", "x")).toMatchObject({
      results: [{ instanceId, outcome: "done", status: "cancelled" }],
    });
    const trail = JSON.parse((await workspace.run(["audit", instanceId, "--json"])).stdout);
    expect(trail.map(({ entry }: { entry: { type: string } }) => entry.type)).toEqual([
      "start",
      "update",
      "operator",
      "operator",
    ]);
  });

  test("sends a token in place of a name, and says what is missing when it is refused", async () => {
    const seen: Record<string, unknown>[] = [];
    let refusal = problem(401, "UNAUTHENTICATED");
    const refusing = await between("", async ({ headers }) => {
      seen.push(headers);
      return refusal;
    });
    const words = ["start", "leave", "--url", refusing];
    const nobody = await workspace.run(words);
    expect([nobody.code, nobody.stderr]).toEqual([1, expect.stringContaining("STATEWRIGHT_TOKEN")]);
    refusal = problem(403, "SOMETHING_NEW", { detail: 'The grant "leave:start" is missing.' });
    const refused = await workspace.run(words, { STATEWRIGHT_TOKEN: "sw_secret" });
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("leave:start")]);
    await workspace.run([...words, "--token", "other"], { STATEWRIGHT_TOKEN: "sw_secret" });
    expect(
      seen.map(({ authorization, "statewright-actor": actor }) => [authorization, typeof actor]),
    ).toEqual([
      [undefined, "string"],
      ["Bearer sw_secret", "undefined"],
      ["Bearer other", "undefined"],
    ]);
    const named = await workspace.run([...words, "--token", "other", "--actor", "eve"]);
    expect([named.code, named.stderr]).toEqual([
      2,
      expect.stringContaining("--actor does not go with a token"),
    ]);
  });

  test("acts as the key that it sends, and as nobody without one", async () => {
    await workspace.run(["publish", workspace.fixture("leave.json")]);
    const keyOf = async (name: string, ...words: string[]): Promise<string> =>
      JSON.parse((await workspace.run(["keys", "create", name, ...words, "--json"])).stdout).key;
    const clerk = await keyOf("clerk", "--grant", "leave:start");
    const viewer = await keyOf("looker", "--role", "viewer");
    await workspace.serve();
    const start = ["start", "leave", "--data", LEAVE, "--instance", "l-1", "--json"];
    const [nobody, looker] = await Promise.all([
      workspace.run(start),
      workspace.run(start, { STATEWRIGHT_TOKEN: viewer }),
    ]);
    expect([nobody.code, JSON.parse(nobody.stdout).error.code]).toEqual([1, "UNAUTHENTICATED"]);
    expect([looker.code, JSON.parse(looker.stdout).error]).toEqual([
      1,
      expect.objectContaining({ code: "FORBIDDEN", message: expect.stringContaining(":start") }),
    ]);
    expect((await workspace.run(start, { STATEWRIGHT_TOKEN: clerk })).stderr).toBe("");
    const { stdout } = await workspace.run(["show", "l-1", "--json"], { STATEWRIGHT_TOKEN: viewer });
    expect(JSON.parse(stdout).history[0].actor).toBe("clerk");
  }, 60_000);

  test("does not follow a redirect, and tells a server of another kind", async () => {
    let count = 0;
    const other = await between("", async () => {
      count += 1;
      return { status: count === 1 ? 302 : 200, text: "<html>" };
    });
    for (let n = 0; n < 2; n += 1) {
      const { code, stderr } = await workspace.run(["instances", "--url", other]);
      expect([code, stderr]).toEqual([3, expect.stringContaining("no Statewright server")]);
    }
    expect(count).toBe(2);
  });

  test("is exit 3 when the server is not there, and names it", async () => {
    const { url, running } = await workspace.serve();
    running.child.kill("SIGKILL");
    await running.finished;
    for (const words of [["instances"], ["start", "leave"]]) {
      const { code, stdout } = await workspace.run([...words, "--json"]);
      expect(code).toBe(3);
      expect(JSON.parse(stdout).error).toMatchObject({
        code: "SERVER_UNREACHABLE",
        message: expect.stringContaining(url),
        hint: expect.stringContaining("statewright serve"),
      });
    }
  });
});

describe("where a command works", () => {
  test("is the server of the configuration, unless a database is named", async () => {
    writeFileSync(workspace.path("statewright.config.json"), JSON.stringify({ url: "http://127.0.0.1:9" }));
    expect((await workspace.run(["instances"])).stderr).toContain("http://127.0.0.1:9");
    expect((await workspace.run(["publish", workspace.fixture("leave.json"), "--db", "a.db"])).code).toBe(0);
    expect((await workspace.run(["instances"], { STATEWRIGHT_DB: "a.db" })).code).toBe(0);
  });

  test.each([
    [["run", "leave.json"]],
    [["import", "x.json"]],
    [["export"]],
    [["backup", "copy.db"]],
    [["keys", "list"]],
    [["audit", "verify"]],
    [["audit", "export", "l-1"]],
  ])("%j is refused over a server, with a sentence", async ([...words]) => {
    workspace.fixture("leave.json");
    writeFileSync(workspace.path("x.json"), "[]");
    const { code, stderr } = await workspace.run([...words, "--url", "http://127.0.0.1:9"]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining("works on a database, and not over a server"),
    ]);
  });

  test.each([
    [["instances", "--url", "ftp://x"], /no address of a server/],
    [["instances", "--url", "http://u:geheim@x/"], /no address of a server/],
    [["instances", "--url", "http://x", "--db", "a.db"], /--db and --url are given/],
    [["send", "l-1", "go", "--url", "http://x", "--group", "clerks"], /--group does not go with a server/],
    [["instances", "--url", "http://x", "--token", "a b"], /token is none/],
  ] as const)("%j is wrong usage", async (words, sentence) => {
    const { code, stderr } = await workspace.run(words);
    expect([code, stderr]).toEqual([2, expect.stringMatching(sentence)]);
    expect(stderr).not.toContain("geheim");
  });
});
