import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hmacSigner } from "./hmac-signer.js";

const { issue, read } = hmacSigner();

describe("signed tokens", () => {
  test("give back their text to the secret that made them, and to no other", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string(), fc.string(), (text, secret, other) => {
        const token = issue(secret, text);
        expect(token).toMatch(/^[\w.-]+$/);
        expect(read(secret, token)).toBe(text);
        if (other !== secret) expect(read(other, token)).toBeUndefined();
      }),
    );
  });

  test("are worth nothing when a single character of them is another one", () => {
    const token = issue("secret", '["i1","2.0/pay",1]');
    for (let at = 0; at < token.length; at += 1) {
      for (const other of ["A", "B", ".", "-", "="]) {
        const changed = token.slice(0, at) + other + token.slice(at + 1);
        if (changed !== token) expect(read("secret", changed), changed).toBeUndefined();
      }
    }
  });

  test.each(["", ".", "a", "a.b.c", `${issue("secret", "x")}=`, `${issue("secret", "x")}.`, "ä.ö"])(
    "are not read out of %j",
    (token) => {
      expect(read("secret", token)).toBeUndefined();
    },
  );
});
