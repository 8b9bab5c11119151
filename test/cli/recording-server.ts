/** A real HTTP server on loopback that keeps what it was asked, and answers as it is told. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly idempotencyKey: string | undefined;
  readonly body: unknown;
}

/** Called for each request, after it was kept; answers 200 `{}` unless it says otherwise. `"hang"` never answers. */
export type Behaviour = (request: Recorded, count: number) => number | "hang" | Promise<number | "hang">;

export class RecordingServer {
  readonly requests: Recorded[] = [];
  behaviour: Behaviour = () => 200;
  readonly #server: Server;
  readonly #waiting: { readonly isMet: () => boolean; readonly resolve: () => void }[] = [];

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async listen(): Promise<RecordingServer> {
    const recording = new RecordingServer();
    await new Promise<void>((resolve) => recording.#server.listen(0, "127.0.0.1", resolve));
    return recording;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What maps the addresses of the fixtures onto this server. */
  get rewrite(): readonly string[] {
    return ["--rewrite", `http://shop.example=${this.url}`];
  }

  at(path: string): readonly Recorded[] {
    return this.requests.filter((request) => request.path === path);
  }

  /** Resolves when so many requests have come in at the path. */
  async seen(path: string, count = 1): Promise<void> {
    const isMet = (): boolean => this.at(path).length >= count;
    if (isMet()) return;
    await new Promise<void>((resolve) => this.#waiting.push({ isMet, resolve }));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += chunk as string;
    const key = request.headers["idempotency-key"];
    const recorded: Recorded = {
      method: request.method ?? "",
      path: new URL(request.url ?? "/", "http://localhost").pathname,
      idempotencyKey: typeof key === "string" ? key : undefined,
      body: text === "" ? undefined : JSON.parse(text),
    };
    this.requests.push(recorded);
    for (const waiting of this.#waiting) if (waiting.isMet()) waiting.resolve();
    const status = await this.behaviour(recorded, this.at(recorded.path).length);
    if (status === "hang") return;
    response.writeHead(status, { "content-type": "application/json" }).end("{}");
  }
}
