import { createServer as createTlsServer } from "node:https";
import { describe, expect, it } from "vitest";
import {
  answering,
  answeringJson,
  closedOrigin,
  listening,
  send,
  serve,
  talking,
} from "../../../test/kit/webhook-servers.js";

describe("whether a request may have acted", () => {
  it.each<[string, () => Promise<string>]>([
    ["is refused by the address", closedOrigin],
    ["has a name that nobody knows", async () => "http://nowhere.invalid"],
    ["ends in TLS", async () => (await listening(createTlsServer({}))).replace("http:", "https:")],
    ["is answered 400", () => answering(400)],
    ["is answered 404", () => answering(404)],
    ["is answered 409", () => answering(409)],
    ["is answered 429", () => answering(429)],
  ])("is denied when it %s", async (_, origin) => {
    expect(await send({ url: await origin() })).toMatchObject({ outcome: "failed", mayHaveActed: false });
  });

  it("is denied for a request that cannot be made", async () => {
    expect(await send({ url: "ftp://x" })).toMatchObject({ mayHaveActed: false });
  });

  it.each<[string, () => Promise<string>]>([
    ["the connection ends before the answer", () => talking((socket) => socket.destroy())],
    ["the connection is reset", () => talking((socket) => socket.resetAndDestroy())],
    [
      "the answer ends in the middle",
      () => talking((socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\na")),
    ],
    ["the answer is no HTTP", () => talking((socket) => socket.end("220 mail\r\n"))],
    ["it is answered 408", () => answering(408)],
    ["it is answered 500", () => answering(500)],
    ["it is answered 503", () => answering(503)],
    ["it is answered 302", () => answering(302)],
  ])("is not denied when %s", async (_, origin) => {
    expect(await send({ url: await origin() })).toMatchObject({ outcome: "failed", mayHaveActed: true });
  });

  it("is not denied when the answer does not fit", async () => {
    const origin = await answeringJson(200, { id: 1 });
    expect(await send({ url: origin, expectedResponse: { status: 201 } })).toMatchObject({
      mayHaveActed: true,
    });
    expect(
      await send({ url: origin, expectedResponse: { body: { type: "object", required: ["x"] } } }),
    ).toMatchObject({ mayHaveActed: true });
  });

  it("is not denied when a 303 has led to something that fails: the first request was acted on", async () => {
    const origin = await serve((request, response) => {
      if (request.method === "POST") response.writeHead(303, { location: "/result" }).end();
      else response.writeHead(404).end();
    });
    expect(await send({ url: origin })).toMatchObject({ outcome: "failed", mayHaveActed: true });
  });
});
