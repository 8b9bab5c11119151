import { createHmac, timingSafeEqual } from "node:crypto";
import type { TokenSigner } from "../ports/token-signer.js";

/** HMAC-SHA-256 (RFC 2104) over the text as it stands in the token, in base64url (RFC 4648): `<text>.<signature>`. */
export function hmacSigner(): TokenSigner {
  return {
    issue: (secret, text) => {
      const shown = Buffer.from(text, "utf8").toString("base64url");
      return `${shown}.${signatureOf(secret, shown)}`;
    },
    read: (secret, token) => {
      const [shown, signature, ...rest] = token.split(".");
      if (shown === undefined || signature === undefined || rest.length > 0) return undefined;
      if (!isEqual(signatureOf(secret, shown), signature)) return undefined;
      return Buffer.from(shown, "base64url").toString("utf8");
    },
  };
}

function signatureOf(secret: string, shown: string): string {
  return createHmac("sha256", secret).update(shown, "utf8").digest("base64url");
}

/** What is compared is text, so that no second spelling of a signature passes. */
function isEqual(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected, "utf8"), Buffer.from(given, "utf8")];
  return one.length === other.length && timingSafeEqual(one, other);
}
