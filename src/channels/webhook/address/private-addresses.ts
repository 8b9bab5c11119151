/**
 * Whether loopback and private addresses may be called by a server that listens on `listenHost`, where its operator says
 * nothing: only one that is reached from this machine alone may. Whoever can reach the server from outside could otherwise
 * use it to look into the network that it stands in.
 */
export function defaultPrivateAddresses(listenHost: string): "allow" | "deny" {
  const host = listenHost.toLowerCase();
  if (host === "localhost" || host.endsWith(".localhost")) return "allow";
  return /^127\.\d+\.\d+\.\d+$|^\[?::1\]?$/.test(host) ? "allow" : "deny";
}
