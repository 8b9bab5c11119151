import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { channelWith, readAll, recording, send, serve } from "../../../../test/kit/webhook-servers.js";
import type { Json, JsonObject } from "../../../core/json/json.js";
import type { Secrets } from "../../../ports/secrets.js";
import { SecretValues } from "./secret-values.js";
import { signingHeaders } from "./sign-request.js";

/** The example of the specification's own libraries. */
const VECTOR = {
  secret: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  atMs: 1_614_265_330_000,
  body: '{"test": 2432232314}',
  signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
};
const OLD = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

const VALUES: { [name: string]: string } = {
  plain: VECTOR.secret,
  prefixed: `whsec_${VECTOR.secret}`,
  old: OLD,
  both: ` whsec_${VECTOR.secret}\n${OLD} `,
  bad: "not base64!",
};
const secrets: Secrets = { read: (name) => VALUES[name], remedy: () => "set it" };
const message = { key: VECTOR.id, body: VECTOR.body, atMs: VECTOR.atMs };

async function headersOf(...names: string[]): Promise<{ [name: string]: string }> {
  const references = names.map((secret) => ({ secret }));
  return Object.fromEntries(await signingHeaders(message, references, new SecretValues(secrets)));
}

describe("a signature by Standard Webhooks", () => {
  it("is that of the specification's example, with and without the prefix of the secret", async () => {
    for (const name of ["plain", "prefixed"]) {
      expect(await headersOf(name)).toEqual({
        "webhook-id": VECTOR.id,
        "webhook-timestamp": "1614265330",
        "webhook-signature": VECTOR.signature,
      });
    }
  });

  it("is there once for each secret of a rotation, in their order, named apart or held by one value", async () => {
    const apart = (await headersOf("plain", "old"))["webhook-signature"];
    expect(apart?.split(" ")).toEqual([
      VECTOR.signature,
      new Webhook(OLD).sign(VECTOR.id, new Date(VECTOR.atMs), VECTOR.body),
    ]);
    expect((await headersOf("both"))["webhook-signature"]).toBe(apart);
  });

  it("fails finally with a secret that cannot sign, and does not show it", async () => {
    await expect(headersOf("bad")).rejects.toMatchObject({
      outcome: {
        code: "SECRET_MISSING",
        isFinal: true,
        message: expect.stringContaining('"bad" cannot sign'),
      },
    });
    await expect(headersOf("bad")).rejects.not.toThrow("not base64!");
    await expect(headersOf("none")).rejects.toMatchObject({ outcome: { code: "SECRET_MISSING" } });
  });
});

describe("a signed webhook", () => {
  const nowMs = Date.now();
  const settings = (more: JsonObject = {}): JsonObject => ({
    sign: { secret: { secret: "prefixed" } },
    ...more,
  });

  it("is verified by the library over the very bytes that arrive, with each secret of a rotation", async () => {
    const { origin, received } = await recording();
    const payload: Json = { text: "ö 𝟏 \u2028", amount: 1e21 };
    const channel = channelWith({ secrets, now: () => nowMs });
    const sign = { secret: [{ secret: "prefixed" }, { secret: "old" }] };
    await send(settings({ url: origin, payload, sign }), channel);
    await send(settings({ url: origin, method: "GET" }), channel);
    for (const { body, headers } of received) {
      const names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
      const signed = Object.fromEntries(names.map((name) => [name, String(headers[name])]));
      for (const secret of body === "" ? [VECTOR.secret] : [VECTOR.secret, OLD]) {
        expect(new Webhook(secret).verify(body, signed)).toEqual(body === "" ? undefined : payload);
      }
      expect(() => new Webhook(VECTOR.secret).verify(`${body} `, signed)).toThrow("No matching signature");
    }
    expect(received).toHaveLength(2);
  });

  it("has the idempotency key as its id, the same for every try, and without full stops", async () => {
    const { origin, received } = await recording();
    let atMs = nowMs;
    const channel = channelWith({ secrets, now: () => atMs });
    await send(settings({ url: origin }), channel);
    atMs += 5_000;
    await send(settings({ url: origin }), channel);
    expect(received.map(({ headers }) => headers["webhook-id"])).toEqual([
      "i-1/3%2E0/verify",
      "i-1/3%2E0/verify",
    ]);
    expect(received[0]?.headers["idempotency-key"]).toBe("i-1/3.0/verify");
    const [first, second] = received.map(({ headers }) => Number(headers["webhook-timestamp"]));
    expect((second ?? 0) - (first ?? 0)).toBe(5);
  });

  it("cannot have its headers set by the definition too", async () => {
    const { origin, received } = await recording();
    const outcome = await send(
      settings({ url: origin, headers: { "Webhook-Id": "x" } }),
      channelWith({ secrets }),
    );
    expect(outcome).toMatchObject({
      outcome: "failed",
      isFinal: true,
      message: expect.stringContaining('"sign"'),
    });
    expect(received).toEqual([]);
  });

  it("loses its signature where a redirect leaves the body out", async () => {
    const seen: (string | undefined)[] = [];
    const origin = await serve((request, response) => {
      readAll(request).then(() => {
        seen.push(request.headers["webhook-signature"] as string | undefined);
        if (request.url === "/end") response.end();
        else response.writeHead(303, { location: "/end" }).end();
      });
    });
    await send(settings({ url: origin, payload: { a: 1 } }), channelWith({ secrets }));
    expect(seen).toEqual([expect.stringContaining("v1,"), undefined]);
  });
});
