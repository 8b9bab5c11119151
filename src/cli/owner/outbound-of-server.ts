import type { EngineOptions } from "../../index.js";

type Outbound = NonNullable<EngineOptions["outbound"]>;

/**
 * Where a server that listens on `host` may call. What the configuration says wins; where it says nothing, a server that
 * others can reach calls no private addresses.
 */
export async function outboundOfServer(host: string, configured: Outbound): Promise<Outbound> {
  const { defaultPrivateAddresses } = await import("../../index.js");
  return { privateAddresses: defaultPrivateAddresses(host), ...configured };
}
