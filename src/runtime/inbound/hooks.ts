/**
 * Webhooks in: finds whom a message is for, sends it as an event, or starts what begins with it.
 *
 * 1. Who sends is verified over the bytes as they came, before anything of them is read. A message reaches only those
 *    triggers whose `verify` it satisfies.
 * 2. A message acts once: it is known by its sender's id for it, and what was answered the first time is answered again, from
 *    the same transaction that did what it asked for. Copies that come at the same time wait for each other.
 * 3. It is for the one instance that waits for it; several are refused as ambiguous, and nothing is kept of one that is for
 *    nobody, so that its sender's repeats find the instance when it waits.
 * 4. One that no instance waits for starts the machines that begin with it, the newest version of each.
 */
import type { ErrorCode } from "../../core/errors.js";
import { StatewrightError } from "../../core/errors.js";
import { hookSegments } from "../../core/inbound/hook-path.js";
import { Delivery } from "./delivery.js";
import { lowerHeaders, MAX_HOOK_BYTES, readHookContents } from "./hook-message.js";
import type { HookOutcome, HookRefusal, HookRequest } from "./hook-outcome.js";
import type { InboundWorld } from "./inbound-world.js";
import { Lanes } from "./lanes.js";
import { identify } from "./message-id.js";
import { type PlacedReceiver, Receivers } from "./receivers.js";
import { selectReceivers } from "./select-receivers.js";

export class Hooks {
  readonly #receivers: Receivers;
  readonly #lanes = new Lanes();

  constructor(private readonly world: InboundWorld) {
    this.#receivers = new Receivers(world.ports.store, world.machines);
  }

  /** Throws what the store says, and `ENGINE_STOPPED`; everything that the sender can do something about is an outcome. */
  async receive(request: HookRequest): Promise<HookOutcome> {
    if (request.rawBody.byteLength > MAX_HOOK_BYTES) {
      return refusal("LIMIT_EXCEEDED", 413, `The body has more than ${MAX_HOOK_BYTES / 1_048_576} MiB.`);
    }
    const segments = hookSegments(request.path);
    const placed = segments === undefined ? [] : await this.#receivers.at(segments);
    if (placed.length === 0) return unknownPath(request.path);
    const headers = lowerHeaders(request.headers);
    const verified = this.#verified(placed, request, headers);
    if ("outcome" in verified) return verified;
    const read = readHookContents(request, headers);
    if ("outcome" in read) return read;
    const selected = selectReceivers(this.world.ports, verified, read.contents);
    if ("outcome" in selected) return selected;
    const identified = identify(
      this.world.ports.sha256,
      selected,
      { ...request, contents: read.contents },
      headers,
    );
    if ("outcome" in identified) return identified;
    const lane = identified
      .map(({ key }) => key)
      .toSorted()
      .join(" ");
    return this.#lanes.run(lane, () => new Delivery(this.world, identified).deliver());
  }

  #verified(
    placed: readonly PlacedReceiver[],
    { rawBody }: HookRequest,
    headers: { readonly [name: string]: string },
  ): readonly PlacedReceiver[] | HookRefusal {
    const { senders, clock, logger } = this.world.ports;
    const nowMs = clock.now();
    let missing: StatewrightError | undefined;
    const verified = placed.filter(({ receiver }) => {
      const { verify } = receiver.inbound;
      try {
        return verify === undefined || senders.verify(verify, { body: rawBody, headers }, nowMs);
      } catch (error) {
        if (!(error instanceof StatewrightError && error.code === "SECRET_MISSING")) throw error;
        missing = error;
        return false;
      }
    });
    if (verified.length > 0) return verified;
    const [first] = placed;
    const path = first?.receiver.inbound.name ?? "";
    if (missing === undefined) {
      logger.warn("A webhook was refused: its sender is not verified.", { path });
      return refusal("HOOK_UNVERIFIED", 401, "The sender of this message is not verified.");
    }
    logger.error("A webhook was refused: a secret is missing.", {
      path,
      error: missing.message,
      hint: missing.hint ?? "",
    });
    return refusal("SECRET_MISSING", 503, "Senders cannot be verified at the moment. Send it again later.");
  }
}

function unknownPath(path: string): HookRefusal {
  return refusal(
    "HOOK_UNKNOWN",
    404,
    `No published state machine receives webhooks at "${path.slice(0, 300)}".`,
  );
}

function refusal(code: ErrorCode, status: number, message: string): HookRefusal {
  return { outcome: "refused", code, status, message };
}
