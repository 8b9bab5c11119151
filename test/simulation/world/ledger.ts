/**
 * The outside: a bank that keeps holds, and services that only count. It applies a request once for each key, as a good
 * receiver does; under another key the same request is another request, and the money shows it.
 *
 * Invariants that the oracles ask for:
 * 1. Available, held and paid out are together what there was in the beginning.
 * 2. A hold is posted or voided, once; a transfer that was voided before its hold came gets none.
 */
import type { Json, JsonObject } from "../../../src/core/json/json.js";

export interface OutsideRequest {
  readonly key: string;
  readonly instanceId: string;
  readonly path: string;
  readonly payload: JsonObject;
  readonly callbackUrl?: string;
}

export interface OutsideAnswer {
  readonly status: number;
  readonly body: Json;
}

export interface Transfer {
  held: number;
  holds: number;
  posted: number;
  isVoided: boolean;
}

export const ALL_MONEY = 100_000;

export class Ledger {
  available = ALL_MONEY;
  paidOut = 0;
  readonly transfers = new Map<string, Transfer>();
  /** Keys under which something was applied. */
  readonly appliedKeys = new Map<string, OutsideAnswer>();
  /** How often each thing was done to each instance: under one key, so once. */
  readonly timesDone = new Map<string, number>();
  /** Notices in the order in which each came for the first time, by instance. */
  readonly notices = new Map<string, string[]>();

  take(request: OutsideRequest): OutsideAnswer {
    const before = this.appliedKeys.get(request.key);
    if (before !== undefined) return before;
    const answer = this.#apply(request);
    if (answer.status >= 300) return answer;
    this.appliedKeys.set(request.key, answer);
    if (request.path !== "/notices") {
      const name = nameOfWork(request);
      this.timesDone.set(name, (this.timesDone.get(name) ?? 0) + 1);
    }
    return answer;
  }

  held(): number {
    return [...this.transfers.values()].reduce((sum, transfer) => sum + transfer.held, 0);
  }

  #apply({ path, payload, instanceId }: OutsideRequest): OutsideAnswer {
    switch (path) {
      case "/reserve":
        return this.#reserve(this.#transfer(payload), Number(payload.amount));
      case "/post":
        return this.#post(this.#transfer(payload));
      case "/void":
        return this.#void(this.#transfer(payload));
      case "/notices": {
        const told = this.notices.get(instanceId) ?? [];
        this.notices.set(instanceId, [...told, String(payload.id)]);
        return ok({});
      }
      case "/sink":
        return { status: 422, body: { problem: "sunk" } };
      default:
        return ok({ reference: `${instanceId}${path}` });
    }
  }

  #transfer(payload: JsonObject): Transfer {
    const transferId = String(payload.transferId);
    const transfer = this.transfers.get(transferId) ?? { held: 0, holds: 0, posted: 0, isVoided: false };
    this.transfers.set(transferId, transfer);
    return transfer;
  }

  #reserve(transfer: Transfer, amount: number): OutsideAnswer {
    if (transfer.isVoided || transfer.posted > 0) return { status: 409, body: { problem: "over" } };
    if (amount > this.available) return { status: 422, body: { problem: "not enough" } };
    this.available -= amount;
    transfer.held += amount;
    transfer.holds += 1;
    return ok({ reference: "hold" });
  }

  #post(transfer: Transfer): OutsideAnswer {
    if (transfer.held === 0) return { status: 409, body: { problem: "no hold" } };
    this.paidOut += transfer.held;
    transfer.held = 0;
    transfer.posted += 1;
    return ok({ reference: "paid" });
  }

  #void(transfer: Transfer): OutsideAnswer {
    if (transfer.posted > 0) return { status: 409, body: { problem: "paid already" } };
    this.available += transfer.held;
    transfer.held = 0;
    transfer.isVoided = true;
    return ok({});
  }
}

/** What is to be done once: in each round, where a state is entered again. */
export function nameOfWork({ path, instanceId, payload }: OutsideRequest): string {
  const round = payload.round === undefined ? "" : ` (round ${String(payload.round)})`;
  return `${path} of ${instanceId}${round}`;
}

function ok(body: Json): OutsideAnswer {
  return { status: 200, body };
}
