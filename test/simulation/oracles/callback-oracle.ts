/**
 * Callbacks (`callbacks`): an address is good for the try that gave it out and for no other, it acts once, whoever posts
 * there again hears the first answer, and what was invented is unknown.
 */
import type { JsonObject } from "../../../src/core/json/json.js";
import type { CallbackCommand } from "../../../src/core/message/command.js";
import type { AuditRow } from "../../../src/ports/store.js";
import type { CallbackOutcome } from "../../../src/runtime/callbacks/take-callback.js";
import type { WorkDone } from "../world/work-done.js";
import type { Report } from "./trail-oracle.js";

export class CallbackOracle {
  readonly #given = new Set<string>();
  readonly #taken = new Map<string, { readonly place: string; readonly atMs: number }>();

  constructor(
    private readonly work: WorkDone,
    private readonly elapsedMs: () => number,
    private readonly report: Report,
  ) {}

  given(token: string): void {
    this.#given.add(token);
  }

  /** The command is in the trail. What was posted names the address that it was posted to. */
  took({ instanceId, seq }: AuditRow, command: CallbackCommand, records: readonly JsonObject[]): void {
    if (!records.some(({ type }) => type === "callback-taken")) {
      this.work.lateCallbacks += 1;
      return;
    }
    this.work.callbacks += 1;
    const place = `${instanceId}@${seq}`;
    const token = String((command.body as JsonObject).address);
    const [, , rest, tryNumber] = JSON.parse(
      Buffer.from(token.split(".")[0] ?? "", "base64url").toString("utf8"),
    ) as readonly unknown[];
    if (!this.#given.has(token))
      this.report("callbacks", `${place} took what was posted to an invented address.`);
    const isOfTry = tryNumber === command.tryNumber && command.key === `${instanceId}${String(rest)}`;
    if (!isOfTry)
      this.report(
        "callbacks",
        `${place} took for try ${command.tryNumber} what try ${String(tryNumber)} had asked for.`,
      );
    const before = this.#taken.get(token);
    if (before !== undefined) this.report("callbacks", `${place} took again what ${before.place} had taken.`);
    this.#taken.set(token, { place, atMs: this.elapsedMs() });
  }

  /** `sentAtMs` is when it was posted this time. */
  heard(token: string, outcome: CallbackOutcome, sentAtMs: number): void {
    const taken = this.#taken.get(token);
    if (outcome.outcome === "accepted") {
      const place = `${outcome.instanceId}@${outcome.answer.seq}`;
      if (taken?.place !== place)
        this.report(
          "callbacks",
          `A poster was told ${place}; the trail has it ${taken?.place ?? "nowhere"}.`,
        );
      return;
    }
    const { code, message } = outcome;
    const isForged = !this.#given.has(token);
    if (isForged) this.work.forgedCallbacks += 1;
    if (isForged !== (code === "CALLBACK_UNKNOWN") || (!isForged && code !== "CALLBACK_GONE"))
      this.report("callbacks", `A poster was told ${code}: ${message}`);
    if (taken !== undefined && taken.atMs < sentAtMs)
      this.report(
        "callbacks",
        `What ${taken.place} had taken was refused with ${code} when it was posted again.`,
      );
  }
}
