/**
 * Opens sockets for undici, to addresses that have been checked and to no others.
 *
 * 1. A literal address is checked before a socket exists (the platform resolves nothing then, so no hook would run).
 * 2. A name is resolved once, every address of it is checked, and the socket goes to one of these: a name that changes
 *    between check and connection gains nothing. The name stays in `Host` and in TLS.
 * 3. One denied address denies the name: whoever mixes them means no good.
 */
import { lookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import type { buildConnector } from "undici";
import type { OutboundPolicy } from "./outbound-policy.js";

/** Gives every address of a host name; rejects when there is none. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** The host may not be called; `reason` goes on with `subject`. */
export class AddressDenied extends Error {
  constructor(
    readonly subject: string,
    readonly reason: string,
  ) {
    super(`${subject} ${reason}`);
    this.name = "AddressDenied";
  }
}

const CONNECT_TIMEOUT_MS = 10_000;

export function guardedConnector(
  build: typeof buildConnector,
  policy: OutboundPolicy,
  resolve: Resolve = resolveBySystem,
): buildConnector.connector {
  const connect = build({
    timeout: CONNECT_TIMEOUT_MS,
    allowH2: false,
    lookup: checkedLookup(policy, resolve),
  });
  return (options, callback) => {
    const verdict = policy.checkHost(options.hostname);
    if (verdict.allowed) connect(options, (...opened) => callback(...remembered(opened)));
    else queueMicrotask(() => callback(new AddressDenied(options.hostname, verdict.reason), null));
  };
}

const fromConnecting = new WeakSet<Error>();

/** The error ended a connection before it was open, TLS included: nothing was sent over it. */
export function isFromConnecting(error: unknown): boolean {
  return error instanceof Error && fromConnecting.has(error);
}

function remembered(opened: buildConnector.CallbackArgs): buildConnector.CallbackArgs {
  const [error] = opened;
  if (error !== null) fromConnecting.add(error);
  return opened;
}

function checkedLookup(policy: OutboundPolicy, resolve: Resolve): LookupFunction {
  return (host, options, callback) => {
    resolveChecked(host, policy, resolve).then(
      ([first, ...others]) => {
        if (options.all === true) callback(null, [first, ...others]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
}

interface Resolved {
  readonly address: string;
  readonly family: number;
}

async function resolveChecked(
  host: string,
  policy: OutboundPolicy,
  resolve: Resolve,
): Promise<[Resolved, ...Resolved[]]> {
  const [first, ...others] = await resolve(host);
  if (first === undefined) throw Object.assign(new Error(`${host} has no address`), { code: "ENOTFOUND" });
  for (const address of [first, ...others]) {
    const verdict = policy.checkResolved(host, address);
    if (!verdict.allowed) throw new AddressDenied(`${host} (${address})`, verdict.reason);
  }
  const withFamily = (address: string): Resolved => ({ address, family: isIP(address) });
  return [withFamily(first), ...others.map(withFamily)];
}

async function resolveBySystem(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true, verbatim: true });
  return found.map((entry) => entry.address);
}
