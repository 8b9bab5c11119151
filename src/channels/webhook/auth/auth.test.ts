import { describe, expect, it } from "vitest";
import {
  answering,
  channelWith,
  readAll,
  recording,
  send,
  serve,
} from "../../../../test/kit/webhook-servers.js";
import type { JsonObject } from "../../../core/json/json.js";
import type { Secrets } from "../../../ports/secrets.js";

const SECRETS: { [name: string]: string } = {
  token: "tok-0123456789",
  password: "p w:ö/\"+&'",
  id: "client one",
  "client-secret": "cs/0123456789",
  broken: "line\r\nx-injected: 1",
};
const secrets: Secrets = { read: (name) => SECRETS[name], remedy: (name) => `set ${name.toUpperCase()}` };

async function received(auth: JsonObject, more: JsonObject = {}) {
  const { origin, received: all } = await recording();
  const outcome = await send({ url: origin, auth, ...more }, channelWith({ secrets }));
  return { outcome, headers: all[0]?.headers, count: all.length };
}

describe("auth", () => {
  it("bearer sends a secret by its name", async () => {
    const { outcome, headers } = await received({ bearer: { secret: "token" } });
    expect(outcome.outcome).toBe("completed");
    expect(headers?.authorization).toBe("Bearer tok-0123456789");
  });

  it("basic sends user name and password in UTF-8", async () => {
    const { headers } = await received({
      basic: { username: { text: "ada" }, password: { secret: "password" } },
    });
    const [, credentials = ""] = headers?.authorization?.split(" ") ?? [];
    expect(Buffer.from(credentials, "base64").toString("utf8")).toBe(`ada:${SECRETS.password}`);
  });

  it("header sends a header of one's own", async () => {
    const { headers } = await received({ header: { name: "X-Api-Key", value: { secret: "token" } } });
    expect(headers?.["x-api-key"]).toBe("tok-0123456789");
  });

  it.each<[string, JsonObject, JsonObject, string, string]>([
    [
      "an unknown secret",
      { bearer: { secret: "none" } },
      {},
      "SECRET_MISSING",
      'The secret "none" is not there: set NONE',
    ],
    [
      "a value that breaks the line",
      { bearer: { secret: "broken" } },
      {},
      "ACTION_FAILED",
      "holds a line break",
    ],
    ["two kinds at once", { bearer: { secret: "token" }, basic: {} }, {}, "ACTION_FAILED", "must be one of"],
    ["no kind", { digest: {} }, {}, "ACTION_FAILED", "must be one of"],
    [
      "data in the place of a secret",
      { bearer: { text: { secret: "token" } } },
      {},
      "ACTION_FAILED",
      "must name a secret",
    ],
    [
      "a header of the connection",
      { header: { name: "Host", value: { secret: "token" } } },
      {},
      "ACTION_FAILED",
      "belongs to the connection",
    ],
    [
      "a header of the engine",
      { header: { name: "Idempotency-Key", value: { secret: "token" } } },
      {},
      "ACTION_FAILED",
      "is set by",
    ],
    [
      "a user name with a colon",
      { basic: { username: { text: "a:b" }, password: { secret: "token" } } },
      {},
      "ACTION_FAILED",
      "colon",
    ],
    [
      "a header that is set twice",
      { bearer: { secret: "token" } },
      { headers: { Authorization: "x" } },
      "ACTION_FAILED",
      "is set by",
    ],
  ])("is a final failure with %s, and nothing is sent", async (_, auth, more, code, sentence) => {
    const { outcome, count } = await received(auth, more);
    expect(outcome).toMatchObject({
      outcome: "failed",
      code,
      isFinal: true,
      message: expect.stringContaining(sentence),
    });
    expect(JSON.stringify(outcome)).not.toContain("x-injected");
    expect(count).toBe(0);
  });

  it("does not follow a redirect to another origin", async () => {
    const other = await recording();
    const origin = await answering(307, "", { location: `${other.origin}/x` });
    const outcome = await send(
      { url: origin, auth: { bearer: { secret: "token" } } },
      channelWith({ secrets }),
    );
    expect(outcome).toMatchObject({ outcome: "failed", isFinal: true });
    expect(other.received).toEqual([]);
  });

  it("stays out of what a server sends back, in whatever place and spelling", async () => {
    const origin = await serve((request, response) => {
      const sent = String(request.headers.authorization);
      const password = Buffer.from(sent.slice(6), "base64").toString("utf8").slice(4);
      response.writeHead(500, { "content-type": "application/json", "x-echo": sent });
      response.end(
        JSON.stringify({ sent, [password]: [encodeURIComponent(password), JSON.stringify(password)] }),
      );
    });
    const auth = { basic: { username: { text: "ada" }, password: { secret: "password" } } };
    const outcome = await send({ url: origin, auth }, channelWith({ secrets }));
    expect(outcome).toMatchObject({
      outcome: "failed",
      response: {
        headers: { "x-echo": "Basic [secret]" },
        body: { sent: "Basic [secret]", "[secret]": ["[secret]", '"[secret]"'] },
      },
    });
  });
});

describe("OAuth 2 client credentials", () => {
  const auth = (tokenUrl: string): JsonObject => ({
    oauth2: {
      tokenUrl,
      clientId: { secret: "id" },
      clientSecret: { secret: "client-secret" },
      scope: "pay read",
    },
  });

  /** A token server that counts, and a bank that takes the newest token only. */
  async function parties(expiresIn: number | undefined = 300) {
    const state = { issued: 0, isRevoked: false, fetches: [] as string[], calls: [] as string[] };
    const tokenUrl = await serve((request, response) => {
      readAll(request).then((body) => {
        state.issued += 1;
        state.isRevoked = false;
        state.fetches.push(`${request.headers.authorization} ${request.headers["content-type"]} ${body}`);
        response.writeHead(200, { "content-type": "application/json" });
        response.end(
          JSON.stringify({ access_token: `at-${state.issued}`, token_type: "Bearer", expires_in: expiresIn }),
        );
      });
    });
    const bank = await serve((request, response) => {
      state.calls.push(String(request.headers.authorization));
      const isRight = !state.isRevoked && request.headers.authorization === `Bearer at-${state.issued}`;
      response.writeHead(isRight ? 200 : 401).end(request.headers.authorization);
    });
    return { state, tokenUrl: `${tokenUrl}/token`, bank };
  }

  it("fetches one token for all that ask at the same time, and uses it again", async () => {
    const { state, tokenUrl, bank } = await parties();
    const channel = channelWith({ secrets });
    const call = () => send({ url: bank, auth: auth(tokenUrl) }, channel);
    const outcomes = await Promise.all([call(), call(), call()]);
    outcomes.push(await call());
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([
      "completed",
      "completed",
      "completed",
      "completed",
    ]);
    const credentials = Buffer.from("client+one:cs%2F0123456789").toString("base64");
    expect(state.fetches).toEqual([
      `Basic ${credentials} application/x-www-form-urlencoded grant_type=client_credentials&scope=pay+read`,
    ]);
    expect(JSON.stringify(outcomes)).not.toContain("at-1");
  });

  it("fetches another shortly before the token expires", async () => {
    const { state, tokenUrl, bank } = await parties(300);
    let nowMs = 0;
    const channel = channelWith({ secrets, now: () => nowMs });
    const call = () => send({ url: bank, auth: auth(tokenUrl) }, channel);
    await call();
    nowMs = 269_999;
    await call();
    expect(state.issued).toBe(1);
    nowMs = 270_000;
    expect(await call()).toMatchObject({ outcome: "completed" });
    expect(state.issued).toBe(2);
  });

  it("fetches another when the token is refused, once", async () => {
    const { state, tokenUrl, bank } = await parties();
    const channel = channelWith({ secrets });
    const call = () => send({ url: bank, auth: auth(tokenUrl) }, channel);
    await call();
    state.isRevoked = true;
    expect(await call()).toMatchObject({ outcome: "completed" });
    expect(state.calls).toEqual(["Bearer at-1", "Bearer at-1", "Bearer at-2"]);
  });

  it("gives up when the new token is refused too", async () => {
    const { tokenUrl, state } = await parties();
    const bank = await answering(401);
    const outcome = await send({ url: bank, auth: auth(tokenUrl) }, channelWith({ secrets }));
    expect(outcome).toMatchObject({
      outcome: "failed",
      isFinal: true,
      message: `POST ${bank}/ answered 401`,
    });
    expect(state.issued).toBe(2);
  });

  it.each<[string, number, string, string, boolean]>([
    ["refuses the client", 401, "{}", "answered 401", true],
    ["is out of order", 503, "cs/0123456789", "answered 503", false],
    ["sends no JSON", 200, "<html>", "sent no JSON object", true],
    ["sends no token", 200, '{"access_token":5}', "sent no usable access_token", true],
    [
      "sends another kind of token",
      200,
      '{"access_token":"x","token_type":"mac"}',
      "is no bearer token",
      true,
    ],
  ])("fails, naming the token URL, when the token server %s", async (_, status, body, sentence, isFinal) => {
    const { bank, state } = await parties();
    const tokenUrl = await answering(status, body, { "content-type": "application/json" });
    const outcome = await send({ url: bank, auth: auth(`${tokenUrl}/token?x=1`) }, channelWith({ secrets }));
    expect(outcome).toMatchObject({
      outcome: "failed",
      code: "ACTION_FAILED",
      isFinal,
      message: expect.stringMatching(new RegExp(`^No access token: POST ${tokenUrl}/token .*${sentence}$`)),
    });
    expect(outcome).not.toHaveProperty("response");
    expect(state.calls).toEqual([]);
  });

  it("asks the address guard for the token URL too", async () => {
    const { bank, state } = await parties();
    for (const tokenUrl of ["http://169.254.169.254/token", "http://2852039166/token"]) {
      const outcome = await send({ url: bank, auth: auth(tokenUrl) }, channelWith({ secrets }));
      expect(outcome).toMatchObject({ code: "ADDRESS_DENIED", isFinal: true });
    }
    expect(state.calls).toEqual([]);
  });
});
