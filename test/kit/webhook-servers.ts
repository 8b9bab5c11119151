/**
 * Real servers on loopback for tests of outgoing HTTP, and a webhook channel to call them with. Whatever a test opens
 * here is closed after it.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from "node:net";
import { afterEach } from "vitest";
import { type WebhookSettings, webhookChannel } from "../../src/channels/webhook/webhook-channel.js";
import type { Json, JsonObject } from "../../src/core/json/json.js";
import { ajvSchemaCompiler } from "../../src/platform/ajv-schema-compiler.js";
import type { Channel, ChannelOutcome } from "../../src/ports/channel.js";

const closers: (() => Promise<void>)[] = [];

export function never(): AbortSignal {
  return new AbortController().signal;
}

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

export async function listening(server: Server | TcpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  );
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function serve(listener: RequestListener): Promise<string> {
  return listening(createServer(listener));
}

/** Answers everything with one response. */
export function answering(
  status: number,
  body: string | Buffer = "",
  headers: Record<string, string> = {},
): Promise<string> {
  return serve((_, response) => response.writeHead(status, headers).end(body));
}

export function answeringJson(
  status: number,
  body: Json,
  headers: Record<string, string> = {},
): Promise<string> {
  return answering(status, JSON.stringify(body), { "content-type": "application/json", ...headers });
}

export function channelWith(settings: Partial<WebhookSettings> = {}): Channel {
  const channel = webhookChannel({
    rewrite: [],
    privateAddresses: "allow",
    allow: [],
    deny: [],
    schemas: ajvSchemaCompiler(),
    ...settings,
  });
  closers.push(() => channel.close());
  return channel;
}

export function send(
  settings: JsonObject,
  channel = channelWith(),
  signal = never(),
): Promise<ChannelOutcome> {
  const ids = { idempotencyKey: "i-1/3.0/verify", instanceId: "i-1", stateMachineId: "transfers" };
  return channel.send({ ...ids, settings }, signal);
}

export interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export async function recording(): Promise<{ origin: string; received: Received[] }> {
  const received: Received[] = [];
  const origin = await serve((request, response) => {
    readAll(request).then((body) => {
      received.push({ method: request.method, url: request.url, headers: request.headers, body });
      response.end();
    });
  });
  return { origin, received };
}

export async function readAll(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}

/** Speaks bytes: whatever HTTP cannot say. */
export function talking(speak: (socket: import("node:net").Socket) => void): Promise<string> {
  return listening(
    createTcpServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => speak(socket));
    }),
  );
}

/** Lets whatever else could arrive do so. */
export async function afterTurns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** An origin where nobody listens. */
export async function closedOrigin(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
