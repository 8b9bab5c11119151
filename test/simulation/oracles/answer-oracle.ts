/**
 * What senders are told.
 *
 * - `acks`: whoever is told that a command was taken finds it in the trail at that very moment, where the answer says
 * - `answers`: one key has one answer, whoever asks and whenever
 * - `refusals`: what was in the trail before it was sent again is answered, never refused
 */
import type { Answer } from "../../../src/core/message/answer.js";
import type { InstanceCommit } from "../../../src/ports/store.js";
import type { Report, TrailOracle } from "./trail-oracle.js";

export interface Sending {
  readonly instanceId: string;
  /** Given to no other command: by it the trail says who it was. */
  readonly mark: string;
  readonly key: string | undefined;
}

export class AnswerOracle {
  readonly #stored = new Map<string, string>();
  readonly #told = new Map<string, string>();
  /** Marks of all that was acknowledged, with the seq that was told. */
  readonly acknowledged = new Map<string, { readonly instanceId: string; readonly seq: number }>();

  constructor(
    private readonly trail: TrailOracle,
    private readonly report: Report,
  ) {}

  stored({ answer }: InstanceCommit): void {
    if (answer === undefined) return;
    const name = `${answer.instanceId}/${answer.key}`;
    if (this.#stored.has(name))
      this.report("answers", `Key ${name} was answered before, and is stored again.`);
    this.#stored.set(name, answer.text);
  }

  told(sending: Sending, answer: Answer): void {
    const { mark, instanceId, key } = sending;
    const entry = this.trail.marks.get(mark);
    if (entry?.instanceId !== instanceId || entry.seq !== answer.seq)
      this.report(
        "acks",
        `${mark} was told ${instanceId}@${answer.seq}; the trail has it ${entry === undefined ? "nowhere" : `at ${entry.instanceId}@${entry.seq}`}.`,
      );
    this.acknowledged.set(mark, { instanceId, seq: answer.seq });
    if (key === undefined) return;
    const text = JSON.stringify(Object.entries(answer).sort());
    const before = this.#told.get(mark);
    if (before !== undefined && before !== text)
      this.report("answers", `${mark} was told ${before}, and now ${text}.`);
    this.#told.set(mark, text);
  }

  /** `sentAtMs` is when the engine was asked this time, by the clock that is never set back. */
  refused({ mark, key }: Sending, code: string, sentAtMs: number): void {
    const entry = this.trail.marks.get(mark);
    if (key !== undefined && entry !== undefined && entry.atMs < sentAtMs)
      this.report(
        "refusals",
        `${mark} is in ${entry.instanceId}@${entry.seq}, and was refused with ${code}.`,
      );
  }
}
