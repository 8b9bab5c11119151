/**
 * A bank of the crash campaigns: a real HTTP server with a ledger that is keyed by `Idempotency-Key`. It outlives the
 * processes that are killed.
 *
 * Invariants:
 * 1. A key acts once; a repeated request gets the first answer. The same key with another body is a fault that is kept.
 *    Where keys mean nothing to it (`UNGUARDED_PATHS`) each request acts, and a second one is a fault.
 * 2. What was applied is applied before it is answered, so a caller that dies meanwhile has moved something.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { QUESTION_PATH, REFUSED_PATHS, UNGUARDED_PATHS } from "./transfer-definition.mjs";

export interface Booking {
  readonly key: string;
  /** Of `PATHS`. */
  readonly path: string;
  readonly transfer: string;
  readonly amount: number;
}

export class LedgerBank {
  readonly bookings: Booking[] = [];
  /** What a bank would ring up about. */
  readonly faults: string[] = [];
  /** Instances whose completion was told. */
  readonly completed = new Set<string>();
  /** Instances of which an incident was told. */
  readonly incidents = new Set<string>();
  /** Requests that came again under their key. */
  repeats = 0;
  /** How often it was asked what it has done under a key. */
  questions = 0;
  /** What an answer waits for; nothing where nothing is said. */
  beforeAnswer: (booking: Booking) => Promise<void> = async () => {};
  readonly #byKey = new Map<string, { readonly booking: Booking; readonly body: string }>();

  private constructor(private readonly server: Server) {
    server.on("request", (request, response) => {
      void this.#answer(request, response).catch(() => response.destroy());
    });
  }

  static async listen(): Promise<LedgerBank> {
    const bank = new LedgerBank(createServer());
    bank.server.listen(0, "127.0.0.1");
    await once(bank.server, "listening");
    return bank;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = once(this.server, "close");
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams } = new URL(request.url ?? "", this.url);
    if (path === QUESTION_PATH) {
      this.questions += 1;
      response.writeHead(this.#byKey.has(searchParams.get("key") ?? "") ? 200 : 404).end();
      return;
    }
    const key = String(request.headers["idempotency-key"] ?? "");
    const body = await textOf(request);
    if (path === "/notices") this.#hear(body);
    else await this.beforeAnswer(this.#book(key, path, body));
    response
      .writeHead(REFUSED_PATHS.includes(path) ? 422 : 200, { "content-type": "application/json" })
      .end("{}");
  }

  #hear(body: string): void {
    const { type, subject } = JSON.parse(body) as { readonly type: string; readonly subject: string };
    if (type === "statewright.instance.completed") this.completed.add(subject);
    if (type === "statewright.instance.incident-opened") this.incidents.add(subject);
  }

  #book(key: string, path: string, body: string): Booking {
    const first = this.#byKey.get(key);
    if (first !== undefined) {
      this.repeats += 1;
      if (UNGUARDED_PATHS.includes(path)) this.faults.push(`${key} was done twice`);
      if (first.body !== body || first.booking.path !== path)
        this.faults.push(`${key} asks for another thing`);
      return first.booking;
    }
    const { transfer, amount } = JSON.parse(body) as { readonly transfer: string; readonly amount: number };
    const booking = { key, path, transfer, amount };
    if (key === "") this.faults.push(`${path} of ${transfer} has no key`);
    this.#byKey.set(key, { booking, body });
    this.bookings.push(booking);
    return booking;
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}
