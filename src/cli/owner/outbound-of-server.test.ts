import { expect, it } from "vitest";
import { outboundOfServer } from "./outbound-of-server.js";

it.each(["0.0.0.0", "::", "192.168.1.7", "flows.example.com"])(
  "a server on %s, which others can reach, calls no private addresses",
  async (host) => {
    expect(await outboundOfServer(host, { rewrite: [] })).toEqual({ privateAddresses: "deny", rewrite: [] });
  },
);

it.each(["127.0.0.1", "::1", "localhost"])(
  "a server on %s, for this machine alone, may call them",
  async (host) => {
    expect(await outboundOfServer(host, {})).toEqual({ privateAddresses: "allow" });
  },
);

it("what the configuration says wins", async () => {
  for (const privateAddresses of ["allow", "deny"] as const) {
    for (const host of ["0.0.0.0", "127.0.0.1"]) {
      expect(await outboundOfServer(host, { privateAddresses })).toEqual({ privateAddresses });
    }
  }
});
