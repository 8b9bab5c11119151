/** Tokens of an identity provider, right ones and forged ones. */
import { SignJWT, UnsecuredJWT } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TokenVerifier } from "../../../src/http/access/token-verifier.js";
import { AUDIENCE, ISSUER, openProvider, type Provider } from "./parties.js";

let provider: Provider;
let nowMs: number;

beforeEach(async () => {
  provider = await openProvider();
  nowMs = Date.now();
});
afterEach(() => provider.close());

function verifier(claims = {}): TokenVerifier {
  return new TokenVerifier(
    { jwksUrl: provider.jwksUrl, issuer: ISSUER, audience: AUDIENCE, claims },
    () => nowMs,
  );
}

const refusal = (why: RegExp) => ({ code: "UNAUTHENTICATED", message: expect.stringMatching(why) });

describe("a token that is right", () => {
  it("says who sends, what they may do, and whose they are", async () => {
    const token = await provider.sign({
      sub: "ada",
      roles: ["operator", "unknown"],
      grants: "m:start other:thing",
      groups: ["desk"],
      tenant: "acme",
    });
    expect(await verifier().authenticate(token)).toMatchObject({
      actor: "ada",
      roles: ["operator"],
      grants: ["m:start"],
      groups: ["desk"],
      tenant: "acme",
    });
  });

  it("has its claims where the configuration says", async () => {
    const token = await provider.sign({
      email: "ada@example.com",
      realm_access: { roles: ["viewer"] },
      "https://x/t": "acme",
    });
    const claims = { actor: "email", roles: "realm_access.roles", tenant: "https://x/t" };
    expect(await verifier(claims).authenticate(token)).toMatchObject({
      actor: "ada@example.com",
      roles: ["viewer"],
      tenant: "acme",
    });
  });

  it("without the tenant that the configuration asks for is refused", async () => {
    const token = await provider.sign({ sub: "ada" });
    await expect(verifier({ tenant: "org" }).authenticate(token)).rejects.toMatchObject(refusal(/tenant/));
    expect(await verifier().authenticate(token)).toMatchObject({ tenant: "default" });
  });
});

describe("a forged token is refused", () => {
  const hour = 3600;
  const now = () => Math.floor(nowMs / 1000);

  it("without a signature", async () => {
    const token = new UnsecuredJWT({ sub: "ada" })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setExpirationTime("1h")
      .encode();
    await expect(verifier().authenticate(token)).rejects.toMatchObject(refusal(/./));
  });

  it("with the public key as a shared secret", async () => {
    const { pem, kid } = await provider.publicKey();
    const token = await new SignJWT({ sub: "ada", iss: ISSUER, aud: AUDIENCE, exp: now() + hour })
      .setProtectedHeader({ alg: "HS256", kid })
      .sign(pem);
    await expect(verifier().authenticate(token)).rejects.toMatchObject(refusal(/signed in a way/));
  });

  it("by another key under the kid of a right one, and under one that leads elsewhere", async () => {
    const other = await openProvider();
    try {
      const { kid } = await provider.publicKey();
      for (const forged of [
        kid,
        "../../k1",
        "k1' or '1'='1",
        "constructor",
        "__proto__",
        "http://evil/jwks",
        "",
      ]) {
        const token = await other.sign({ sub: "ada" }, { kid: forged });
        await expect(verifier().authenticate(token)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
      }
      expect(other.fetches()).toBe(0);
    } finally {
      await other.close();
    }
  });

  it.each([
    ["that has expired", { exp: Math.floor(Date.now() / 1000) - 60 }, /expired/],
    ["that is not valid yet", { nbf: Math.floor(Date.now() / 1000) + 600 }, /nbf/],
    ["for another audience", { aud: "other" }, /aud/],
    ["of another issuer", { iss: "https://evil.example" }, /iss/],
    ["of the actor system", { sub: "system" }, /actor/],
    ["of the actor anonymous", { sub: "anonymous" }, /actor/],
    ["without an actor", {}, /actor/],
    ["of a tenant that is a path", { sub: "ada", tenant: "../other" }, /tenant/],
  ])("%s", async (_what, claims, why) => {
    const token = await provider.sign({
      ...("exp" in claims || "nbf" in claims || "aud" in claims || "iss" in claims ? { sub: "ada" } : {}),
      ...claims,
    });
    await expect(verifier().authenticate(token)).rejects.toMatchObject(refusal(why));
  });

  it("that says nothing of its end", async () => {
    const token = await provider.sign({ sub: "ada", exp: undefined as never });
    await expect(verifier().authenticate(token)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  });

  it("that is huge, cut short, or changed", async () => {
    const token = await provider.sign({ sub: "ada", roles: ["viewer"] });
    const [head = "", body = "", signature = ""] = token.split(".");
    const admin = Buffer.from(
      JSON.stringify({ sub: "ada", roles: ["admin"], iss: ISSUER, aud: AUDIENCE, exp: now() + hour }),
    ).toString("base64url");
    const huge = await provider.sign({ sub: "ada", note: "x".repeat(10_000) });
    for (const wrong of [
      huge,
      `${head}.${body}`,
      `${head}.${body}.`,
      `${head}.${admin}.${signature}`,
      `${token}.x`,
      "a.b.c",
      ".",
    ]) {
      await expect(verifier().authenticate(wrong)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    }
  });
});

describe("the keys of the provider", () => {
  it("are fetched again when a token names a new one, and no more than once in ten seconds", async () => {
    const tokens = verifier();
    await tokens.authenticate(await provider.sign({ sub: "ada" }));
    await provider.rotate();
    nowMs += 11_000;
    expect(await tokens.authenticate(await provider.sign({ sub: "bob" }))).toMatchObject({ actor: "bob" });
    expect(provider.fetches()).toBe(2);
    for (let at = 0; at < 20; at += 1) {
      const forged = await provider.sign({ sub: "eve" }, { kid: `none-${at}` });
      await expect(tokens.authenticate(forged)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    }
    expect(provider.fetches()).toBe(2);
  });

  it("that are known go on while the provider is down, and others are told to come again", async () => {
    const tokens = verifier();
    const known = await provider.sign({ sub: "ada", exp: Math.floor(nowMs / 1000) + 7200 });
    await tokens.authenticate(known);
    provider.setDown(true);
    await provider.rotate();
    nowMs += 11_000;
    const unknown = await provider.sign({ sub: "bob", exp: Math.floor(nowMs / 1000) + 7200 });
    for (let at = 0; at < 5; at += 1)
      await expect(tokens.authenticate(unknown)).rejects.toMatchObject({
        code: "IDENTITY_UNAVAILABLE",
        status: 503,
      });
    expect(provider.fetches()).toBe(2);
    nowMs += 3_600_000;
    expect(await tokens.authenticate(known)).toMatchObject({ actor: "ada" });
    provider.setDown(false);
    nowMs += 11_000;
    expect(await tokens.authenticate(unknown)).toMatchObject({ actor: "bob" });
  });

  it("come over https, or from the loopback", () => {
    for (const jwksUrl of [
      "http://id.example/jwks",
      "file:///etc/passwd",
      "ftp://127.0.0.1/x",
      "x",
      "http://127.0.0.1.evil.example/",
    ]) {
      expect(() => new TokenVerifier({ jwksUrl, issuer: ISSUER, audience: AUDIENCE })).toThrow(
        /cannot be taken/,
      );
    }
  });
});
