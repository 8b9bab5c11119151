import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ajvSchemaCompiler } from "../../../platform/ajv-schema-compiler.js";
import type { Channel, ChannelOutcome } from "../../../ports/channel.js";
import { type WebhookSettings, webhookChannel } from "../webhook-channel.js";
import { type AddressPolicy, checkAddress } from "./address-guard.js";
import { outboundPolicy } from "./outbound-policy.js";

let port = 0;
let connections = 0;
const server = createServer((_, response) => void response.end("reached"));
server.on("connection", () => {
  connections += 1;
});
const channels: Channel[] = [];

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  for (const channel of channels.splice(0)) await channel.close();
  connections = 0;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function send(url: string, settings: Partial<WebhookSettings> = {}): Promise<ChannelOutcome> {
  const channel = webhookChannel({
    rewrite: [],
    privateAddresses: "deny",
    allow: [],
    deny: [],
    schemas: ajvSchemaCompiler(),
    ...settings,
  });
  channels.push(channel);
  return channel.send(
    { idempotencyKey: "k", instanceId: "i", stateMachineId: "m", settings: { url } },
    AbortSignal.timeout(5_000),
  );
}

/** Each is another way to write an address that may not be called when private addresses are denied. */
const SPELLINGS = [
  "127.0.0.1",
  "127.0.0.1.",
  "127.1",
  "127.0.1",
  "127.255.255.254",
  "2130706433",
  "017700000001",
  "0177.0.0.1",
  "0177.0.0.01",
  "0x7f.0.0.1",
  "0x7f.0x0.0x0.0x1",
  "0x7f000001",
  "0X7F000001",
  "0x7f.1",
  "00000000177.0.0.1",
  "%31%32%37.0.0.1",
  "127%2e0%2e0%2e1",
  "１２７.０.０.１",
  "①②⑦.⓪.⓪.①",
  "127。0。0。1",
  "𝟏𝟐𝟕.𝟎.𝟎.𝟏",
  "localhost",
  "LOCALHOST",
  "ｌｏｃａｌｈｏｓｔ",
  "0",
  "0.0.0.0",
  "0x0",
  "0.0.0.1",
  "10.0.0.1",
  "012.0.0.1",
  "167772161",
  "10.255.255.255",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.0.1",
  "0xc0a80001",
  "192.168.257",
  "100.64.0.1",
  "100.127.255.255",
  "169.254.169.254",
  "2852039166",
  "0xa9fea9fe",
  "0251.0376.0251.0376",
  "169.254.1.1",
  "100.100.100.200",
  "168.63.129.16",
  "metadata.google.internal",
  "METADATA.google.internal.",
  "224.0.0.1",
  "239.255.255.250",
  "255.255.255.255",
  "192.0.2.1",
  "198.18.0.1",
  "240.0.0.1",
  "[::1]",
  "[0:0:0:0:0:0:0:1]",
  "[0000:0000:0000:0000:0000:0000:0000:0001]",
  "[::]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[::FFFF:7F00:0001]",
  "[0:0:0:0:0:ffff:127.0.0.1]",
  "[::127.0.0.1]",
  "[::ffff:0:127.0.0.1]",
  "[64:ff9b::127.0.0.1]",
  "[64:ff9b::a9fe:a9fe]",
  "[64:ff9b:1::7f00:1]",
  "[2002:7f00:1::]",
  "[2002:a9fe:a9fe::1]",
  "[2001:0:7f00:1::1]",
  "[2001:0:808:808::80ff:fffe]",
  "[2a00:1450::5efe:127.0.0.1]",
  "[2a00:1450::200:5efe:a00:1]",
  "[fe80::1]",
  "[febf::1]",
  "[fc00::1]",
  "[fd12:3456::1]",
  "[fec0::1]",
  "[fd00:ec2::254]",
  "[ff02::1]",
  "[100::1]",
  "[2001:db8::1]",
  "[4000::1]",
];

describe("an address that may not be called", () => {
  it("is tried in at least sixty spellings", () => {
    expect(new Set(SPELLINGS).size).toBeGreaterThanOrEqual(60);
  });

  it.each(SPELLINGS)("is denied in the spelling %s, without a connection", async (host) => {
    const outcome = await send(`http://${host}:${port}/path?secret=1`);
    expect(outcome).toMatchObject({ outcome: "failed", code: "ADDRESS_DENIED", isFinal: true });
    expect(outcome.outcome === "failed" ? outcome.message : "").not.toContain("secret");
    expect(connections).toBe(0);
  });

  it.each([
    "http://[fe80::1%25eth0]/",
    "http://127.0.0.1@127.0.0.1/",
    "http://127.0.0.256/",
    "http://1.2.3.4.5/",
  ])("is no URL at all in the spelling %s", async (url) => {
    expect(await send(url)).toMatchObject({ outcome: "failed", code: "ACTION_FAILED", isFinal: true });
    expect(connections).toBe(0);
  });

  it.each(["127.0.0.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "localhost", "①②⑦.⓪.⓪.①"])(
    "would be reached in the spelling %s if it were allowed",
    async (host) => {
      const outcome = await send(`http://${host}:${port}/`, { privateAddresses: "allow" });
      expect(outcome).toMatchObject({ outcome: "completed", response: { body: "reached" } });
      expect(connections).toBe(1);
    },
  );

  it("is named in the message, with the reason", async () => {
    expect(await send(`http://127.1:${port}/pay?key=1`)).toMatchObject({
      message: `POST http://127.0.0.1:${port}/pay was not sent: 127.0.0.1 is a loopback address, and private addresses are denied`,
    });
    expect(await send(`http://localhost:${port}/`)).toMatchObject({
      message: expect.stringMatching(/: localhost \((127\.0\.0\.1|::1)\) is a loopback address/),
    });
  });

  it("is denied to a name of which one address among others is private", async () => {
    const outcome = await send(`http://mixed.test:${port}/`, {
      resolve: async () => ["93.184.215.14", "127.0.0.1"],
    });
    expect(outcome).toMatchObject({
      code: "ADDRESS_DENIED",
      message: expect.stringContaining("mixed.test (127.0.0.1)"),
    });
    expect(connections).toBe(0);
  });

  it("is denied to a name that changes: the address that was checked is the one that is called", async () => {
    const answers = [["127.0.0.1"], ["169.254.169.254"]];
    let asked = 0;
    const resolve = async (): Promise<readonly string[]> => answers[asked++] ?? [];
    expect(await send(`http://rebind.test:${port}/`, { privateAddresses: "allow", resolve })).toMatchObject({
      outcome: "completed",
    });
    expect(asked).toBe(1);
    expect(await send(`http://rebind.test:${port}/`, { privateAddresses: "allow", resolve })).toMatchObject({
      code: "ADDRESS_DENIED",
    });
  });

  it("is denied after rewriting too", async () => {
    const rewrite = [{ from: "http://bank.test", to: `http://127.0.0.1:${port}` }];
    expect(await send("http://bank.test/pay", { rewrite })).toMatchObject({ code: "ADDRESS_DENIED" });
    expect(connections).toBe(0);
  });
});

describe("the lists", () => {
  it.each([["127.0.0.0/8"], ["127.0.0.1"], ["localhost"], ["*.test", "localhost"]])(
    "allow a private address that is named: %s",
    async (...allow) => {
      const host = allow.includes("localhost") ? "localhost" : "127.0.0.1";
      const resolve = async (): Promise<readonly string[]> => ["127.0.0.1"];
      expect(await send(`http://${host}:${port}/`, { allow, resolve })).toMatchObject({
        outcome: "completed",
      });
    },
  );

  it("allow by name only the name, not its address", async () => {
    expect(await send(`http://127.0.0.1:${port}/`, { allow: ["localhost"] })).toMatchObject({
      code: "ADDRESS_DENIED",
    });
  });

  it("never allow link-local, metadata, multicast and unspecified addresses", () => {
    const policy: AddressPolicy = { privateAddresses: "allow", allow: ["0.0.0.0/0", "::/0"], deny: [] };
    for (const ip of [
      "169.254.169.254",
      "169.254.0.1",
      "fe80::1",
      "fe80::1%eth0",
      "fd00:ec2::254",
      "100.100.100.200",
    ]) {
      expect(checkAddress(ip, policy)).toMatchObject({ allowed: false });
    }
    for (const ip of [
      "0.0.0.0",
      "::",
      "224.0.0.1",
      "ff02::1",
      "255.255.255.255",
      "64:ff9b::169.254.169.254",
    ]) {
      expect(checkAddress(ip, policy)).toMatchObject({ allowed: false });
    }
    expect(checkAddress("10.0.0.1", policy)).toEqual({ allowed: true });
  });

  it("deny names and addresses, also allowed ones and subdomains", async () => {
    const rules: Partial<WebhookSettings> = { privateAddresses: "allow", allow: ["127.0.0.1"] };
    const resolve = async (): Promise<readonly string[]> => ["127.0.0.1"];
    expect(await send(`http://127.0.0.1:${port}/`, { ...rules, deny: ["127.0.0.0/8"] })).toMatchObject({
      code: "ADDRESS_DENIED",
      message: expect.stringContaining("is on the deny list"),
    });
    expect(await send(`http://a.b.test:${port}/`, { ...rules, resolve, deny: ["*.b.test"] })).toMatchObject({
      code: "ADDRESS_DENIED",
    });
    expect(await send(`http://b.test:${port}/`, { ...rules, resolve, deny: ["*.b.test"] })).toMatchObject({
      outcome: "completed",
    });
    expect(connections).toBe(1);
  });

  it("deny with * all that is not allowed", () => {
    const policy = outboundPolicy({
      privateAddresses: "allow",
      allow: ["bank.test", "203.0.114.0/24"],
      deny: ["*"],
    });
    expect(policy.checkResolved("bank.test", "9.9.9.9")).toEqual({ allowed: true });
    expect(policy.checkResolved("other.test", "203.0.114.9")).toEqual({ allowed: true });
    expect(policy.checkResolved("other.test", "9.9.9.9")).toMatchObject({ allowed: false });
    expect(policy.checkHost("9.9.9.9")).toMatchObject({ allowed: false });
  });

  it.each(["10.0.0.0/33", "10.1", "http://bank.test", "a b", "", "fd00::/129", "bank.*"])(
    "refuse an entry that means nothing: %j",
    (entry) => {
      expect(() => outboundPolicy({ privateAddresses: "deny", allow: [entry], deny: [] })).toThrow(
        "is neither a host",
      );
    },
  );
});

describe("the guard's judgement", () => {
  const deny: AddressPolicy = { privateAddresses: "deny", allow: [], deny: [] };

  it.each([
    "8.8.8.8",
    "93.184.215.14",
    "2606:4700::1111",
    "64:ff9b::8.8.8.8",
    "2002:808:808::1",
    "::ffff:8.8.8.8",
  ])("lets %s pass", (ip) => {
    expect(checkAddress(ip, deny)).toEqual({ allowed: true });
  });

  it.each(["", "example.com", "1.2.3.4.5", "::1::"])("takes %j for no address", (text) => {
    expect(checkAddress(text, deny)).toEqual({ allowed: false, reason: "is not an IP address" });
  });

  it("is the same for an IPv4 address and for each IPv6 address that carries it", () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.constantFrom<"allow" | "deny">("allow", "deny"), (ip, privateAddresses) => {
        const policy: AddressPolicy = { privateAddresses, allow: [], deny: [] };
        const bare = checkAddress(ip, policy).allowed;
        for (const carrier of [`::ffff:${ip}`, `64:ff9b::${ip}`, `::ffff:0:${ip}`, `2a00:1450::5efe:${ip}`]) {
          expect(checkAddress(carrier, policy).allowed).toBe(bare);
        }
      }),
    );
  });
});
