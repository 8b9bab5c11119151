/**
 * Where calls may go, by host name and by address.
 *
 * 1. A name is judged as it stands (metadata names, the deny list) and then by every address that it resolves to.
 * 2. A name on the allow list may resolve to private addresses; never to those that are always denied or on the deny list.
 * 3. The lists are checked once, at the start: an entry that means nothing is an error, not a hole.
 */
import { isIP } from "node:net";
import { StatewrightError } from "../../../core/errors.js";
import { type AddressPolicy, type AddressVerdict, checkAddress, parseNetwork } from "./address-guard.js";

export interface OutboundRules {
  readonly privateAddresses: "allow" | "deny";
  /** Host names (`api.example.com`, `*.example.com`), addresses, CIDRs. */
  readonly allow: readonly string[];
  /** The same; `*` denies all that `allow` does not name. */
  readonly deny: readonly string[];
}

export interface OutboundPolicy {
  /** Before anything is resolved; a literal address is judged for good. The host as in a URL, with or without brackets. */
  checkHost(host: string): AddressVerdict;
  /** One of the addresses that the host resolved to. */
  checkResolved(host: string, address: string): AddressVerdict;
}

const METADATA_HOSTS = ["metadata.google.internal", "metadata.goog"];
const HOST_ENTRY = /^(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/;

/** @throws StatewrightError `USAGE` for an entry that is neither host, address nor CIDR. */
export function outboundPolicy(rules: OutboundRules): OutboundPolicy {
  const allow = sortEntries(rules.allow);
  const deny = sortEntries(rules.deny);
  const policy: AddressPolicy = {
    privateAddresses: rules.privateAddresses,
    allow: allow.networks,
    deny: deny.networks,
  };
  const policyOfAllowedHost: AddressPolicy = {
    privateAddresses: "allow",
    allow: [],
    deny: deny.networks.filter((entry) => entry !== "*"),
  };

  return {
    checkHost(host) {
      const name = plainName(host);
      if (isIP(name) !== 0) return checkAddress(name, policy);
      if (METADATA_HOSTS.includes(name)) return { allowed: false, reason: "is a cloud metadata host" };
      if (isNamed(name, deny.hosts)) return { allowed: false, reason: "is on the deny list" };
      return { allowed: true };
    },
    checkResolved(host, address) {
      return checkAddress(address, isNamed(plainName(host), allow.hosts) ? policyOfAllowedHost : policy);
    },
  };
}

/** Lower case, without brackets and without the dot of the root. */
function plainName(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.+$/, "");
}

function isNamed(name: string, entries: readonly string[]): boolean {
  return entries.some((entry) => (entry.startsWith("*.") ? name.endsWith(entry.slice(1)) : name === entry));
}

function sortEntries(entries: readonly string[]): { networks: readonly string[]; hosts: readonly string[] } {
  const networks: string[] = [];
  const hosts: string[] = [];
  for (const entry of entries) {
    const name = plainName(entry.trim());
    if (name === "*" || isNetwork(name)) networks.push(name);
    else if (HOST_ENTRY.test(name) && !/^[\d.]+$/.test(name)) hosts.push(name);
    else {
      throw new StatewrightError("USAGE", `"${entry}" is neither a host name, an IP address nor a CIDR.`, {
        hint: 'Write for example "api.example.com", "*.example.com", "10.0.0.0/8" or "fd00::/8".',
      });
    }
  }
  return { networks, hosts };
}

function isNetwork(entry: string): boolean {
  // Only full spellings: what `10.1` would mean in a list is anybody's guess.
  if (isIP(entry.replace(/\/\d+$/, "")) === 0) return false;
  try {
    parseNetwork(entry);
    return true;
  } catch {
    return false;
  }
}
