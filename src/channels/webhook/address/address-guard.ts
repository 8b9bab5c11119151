/**
 * Says whether an IP address may be called.
 *
 * 1. An address that carries another one inside (IPv4-mapped, NAT64, 6to4, Teredo, SIIT, ISATAP, IPv4-compatible) is
 *    allowed only if the inner one is too.
 * 2. Link-local, cloud metadata, unspecified, multicast, broadcast and reserved addresses are never allowed, whatever
 *    the lists say.
 * 3. Then the deny list beats the allow list, and the allow list beats `privateAddresses: "deny"` and the deny entry `*`.
 *
 * The ranges are those of the IANA registries of special-purpose addresses, as ipaddr.js has them; of IPv6 only
 * 2000::/3 is assigned for global use, so what lies outside it is reserved.
 */
import ipaddr from "ipaddr.js";

export interface AddressPolicy {
  /** Loopback, private, carrier-grade NAT and unique local addresses. */
  readonly privateAddresses: "allow" | "deny";
  /** Addresses and CIDRs that are allowed although they are private. */
  readonly allow: readonly string[];
  /** Addresses and CIDRs that are denied; `*` denies all that `allow` does not name. */
  readonly deny: readonly string[];
}

export type AddressVerdict =
  | { readonly allowed: true }
  /** The reason goes on with the address: "is a loopback address". */
  | { readonly allowed: false; readonly reason: string };

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type AddressClass = { readonly kind: "public" | "private" | "never"; readonly name: string };

const METADATA = [
  "169.254.169.254/32",
  "100.100.100.200/32",
  "168.63.129.16/32",
  "fd00:ec2::/32",
  "fd20:ce::254/128",
];
const PUBLIC: AddressClass = { kind: "public", name: "a public address" };
const RESERVED: AddressClass = { kind: "never", name: "a reserved address" };
const LOOPBACK: AddressClass = { kind: "private", name: "a loopback address" };
const PRIVATE: AddressClass = { kind: "private", name: "a private address" };

/** What is not here is reserved. */
const CLASSES: { readonly [range: string]: AddressClass } = {
  unspecified: { kind: "never", name: "an unspecified address" },
  broadcast: { kind: "never", name: "a broadcast address" },
  multicast: { kind: "never", name: "a multicast address" },
  linkLocal: { kind: "never", name: "a link-local address" },
  loopback: LOOPBACK,
  private: PRIVATE,
  carrierGradeNat: PRIVATE,
  uniqueLocal: PRIVATE,
  deprecatedSiteLocal: PRIVATE,
  unicast: PUBLIC,
  // Carriers of an inner address, which is judged by itself.
  rfc6052: PUBLIC,
  rfc6145: PUBLIC,
  "6to4": PUBLIC,
  teredo: PUBLIC,
};

/** `ip` in any spelling that ipaddr.js reads, a zone id included; what is no address is not allowed. */
export function checkAddress(ip: string, policy: AddressPolicy): AddressVerdict {
  const bare = ip.replace(/%.*$/, "");
  if (!ipaddr.isValid(bare)) return { allowed: false, reason: "is not an IP address" };
  // `process` takes an IPv4-mapped address for what it is.
  const outer = ipaddr.process(bare);
  const reason = denialOf(outer, policy);
  if (reason !== undefined) return { allowed: false, reason };
  for (const inner of innerAddresses(outer)) {
    const innerReason = denialOf(inner, policy);
    if (innerReason !== undefined) {
      return { allowed: false, reason: `carries ${inner.toString()}, which ${innerReason}` };
    }
  }
  return { allowed: true };
}

function denialOf(address: Address, policy: AddressPolicy): string | undefined {
  if (isInAny(address, METADATA)) return "is a cloud metadata address";
  const { kind, name } = classOf(address);
  if (kind === "never") return `is ${name}`;
  if (isInAny(address, policy.deny)) return "is on the deny list";
  if (isInAny(address, policy.allow)) return undefined;
  if (policy.deny.includes("*")) return "is not on the allow list";
  if (kind === "private" && policy.privateAddresses === "deny") {
    return `is ${name}, and private addresses are denied`;
  }
  return undefined;
}

function classOf(address: Address): AddressClass {
  const range: string = address.range();
  if (range === "unicast" && address instanceof ipaddr.IPv6 && !isInAny(address, ["2000::/3"]))
    return RESERVED;
  // For use inside one network: nobody outside knows how an address is embedded there (RFC 8215).
  if (range === "rfc6052" && isInAny(address, ["64:ff9b:1::/48"])) return RESERVED;
  return CLASSES[range] ?? RESERVED;
}

/** The IPv4 addresses that an IPv6 address leads to. */
function innerAddresses(address: Address): readonly ipaddr.IPv4[] {
  if (!(address instanceof ipaddr.IPv6)) return [];
  const bytes = address.toByteArray();
  const at = (start: number, mask = 0): ipaddr.IPv4 =>
    new ipaddr.IPv4(bytes.slice(start, start + 4).map((byte) => byte ^ mask));
  switch (address.range() as string) {
    case "rfc6052":
    case "rfc6145":
      return [at(12)];
    case "6to4":
      return [at(2)];
    case "teredo":
      // The server, and the client with its bits turned over (RFC 4380).
      return [at(4), at(12, 0xff)];
    default:
      return isIsatap(address) ? [at(12)] : [];
  }
}

/** RFC 5214: the interface identifier is 0000:5efe or 0200:5efe, then an IPv4 address. */
function isIsatap(address: ipaddr.IPv6): boolean {
  const [, , , , high, low] = address.parts;
  return (high === 0 || high === 0x0200) && low === 0x5efe;
}

function isInAny(address: Address, entries: readonly string[]): boolean {
  return entries.some((entry) => {
    if (entry === "*") return false;
    const [network, bits] = parseNetwork(entry);
    return network.kind() === address.kind() && address.match(network, bits);
  });
}

/** An address stands for itself alone. @throws Error for what is neither an address nor a CIDR. */
export function parseNetwork(entry: string): [Address, number] {
  if (entry.includes("/")) return ipaddr.parseCIDR(entry);
  const address = ipaddr.process(entry);
  return [address, address.kind() === "ipv4" ? 32 : 128];
}
