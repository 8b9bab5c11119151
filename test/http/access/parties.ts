/** Who asks: keys of a store in memory, and an identity provider on the loopback. */
import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

export interface Provider {
  readonly jwksUrl: string;
  readonly fetches: () => number;
  /** The token of the newest key. */
  sign(claims: JWTPayload, header?: { readonly kid?: string }): Promise<string>;
  /** A new key under a new name; the old one stays published. */
  rotate(): Promise<void>;
  setDown(isDown: boolean): void;
  publicKey(): Promise<{ readonly pem: Uint8Array; readonly kid: string }>;
  close(): Promise<void>;
}

export const ISSUER = "https://id.example";
export const AUDIENCE = "statewright";

export async function openProvider(): Promise<Provider> {
  const keys: { readonly kid: string; readonly pair: Awaited<ReturnType<typeof generateKeyPair>> }[] = [];
  let isDown = false;
  let fetches = 0;
  const rotate = async () => {
    keys.push({ kid: `k${keys.length + 1}`, pair: await generateKeyPair("ES256", { extractable: true }) });
  };
  await rotate();
  const server = createHttpServer((_request, response) => {
    fetches += 1;
    if (isDown) {
      response.writeHead(503).end();
      return;
    }
    void Promise.all(
      keys.map(async ({ kid, pair }) => ({ ...(await exportJWK(pair.publicKey)), kid, alg: "ES256" })),
    ).then((published) => response.end(JSON.stringify({ keys: published })));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const newest = () => {
    const key = keys.at(-1);
    if (key === undefined) throw new Error("There is no key.");
    return key;
  };
  return {
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
    fetches: () => fetches,
    rotate,
    sign: (claims, header = {}) => {
      const { kid, pair } = newest();
      const exp = "exp" in claims ? claims.exp : Math.floor(Date.now() / 1000) + 600;
      const { exp: _exp, iss = ISSUER, aud = AUDIENCE, ...rest } = claims;
      return new SignJWT({ ...(exp === undefined ? {} : { exp }), iss, aud, ...rest })
        .setProtectedHeader({ alg: "ES256", kid, ...header })
        .sign(pair.privateKey);
    },
    setDown: (value) => {
      isDown = value;
    },
    publicKey: async () => {
      const { kid, pair } = newest();
      return { kid, pem: new TextEncoder().encode(JSON.stringify(await exportJWK(pair.publicKey))) };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
