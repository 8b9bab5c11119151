/** All that must hold, asked after every commit, every answer and every arrival outside. The first fault counts. */
import type { Answer } from "../../../src/core/message/answer.js";
import type { CommitItem, CommitOutcome, EffectId, Lease } from "../../../src/ports/store.js";
import type { OutsideRequest } from "../world/ledger.js";
import { AnswerOracle, type Sending } from "./answer-oracle.js";
import { CallbackOracle } from "./callback-oracle.js";
import { FamilyOracle } from "./family-oracle.js";
import { MessageOracle } from "./message-oracle.js";
import { OutsideOracle } from "./outside-oracle.js";
import { SignalOracle } from "./signal-oracle.js";
import { TrailOracle, type Watched } from "./trail-oracle.js";
import { UndoOracle } from "./undo-oracle.js";

export interface Violation {
  readonly oracle: string;
  readonly message: string;
}

export class Oracles {
  violation: Violation | undefined;
  readonly trail: TrailOracle;
  readonly answers: AnswerOracle;
  readonly signals: SignalOracle;
  readonly family: FamilyOracle;
  readonly messages: MessageOracle;
  readonly callbacks: CallbackOracle;
  readonly undo: UndoOracle;
  readonly #outside: OutsideOracle;

  constructor(
    private readonly watched: Watched,
    private readonly lookingAway: readonly string[],
  ) {
    const report = this.report.bind(this);
    this.signals = new SignalOracle((signal) => this.trail.waiting(signal), report);
    this.family = new FamilyOracle(watched.tables, watched.work, report);
    this.messages = new MessageOracle(report);
    this.callbacks = new CallbackOracle(watched.work, watched.elapsedMs, report);
    this.undo = new UndoOracle(watched.tables, watched.ledger, watched.work, report);
    this.trail = new TrailOracle(
      watched,
      this.family,
      this.signals,
      this.messages,
      this.callbacks,
      this.undo,
      report,
    );
    this.answers = new AnswerOracle(this.trail, report);
    this.#outside = new OutsideOracle(watched.ledger, this.trail, report);
  }

  report(oracle: string, message: string): void {
    if (!this.lookingAway.includes(oracle)) this.violation ??= { oracle, message };
  }

  /** `outcomes` is empty when the store refused the whole: then nothing of it may be there. */
  afterCommit(lease: Lease, items: readonly CommitItem[], outcomes: readonly CommitOutcome[]): void {
    const { work, tables } = this.watched;
    const committed = new Map<string, number>();
    const over: EffectId[] = [];
    items.forEach((item, index) => {
      const outcome = outcomes[index]?.outcome;
      if (outcome === "seq-conflict") work.conflicts += 1;
      if (outcome === "fenced") work.fenced += 1;
      const isWritten = outcome === "committed";
      if (isWritten && lease.epochs.get(0) !== tables.lease.epoch())
        this.report("fence", "Something was written under a lease that another one has outdated.");
      if (item.kind === "delivery") {
        if (!isWritten || item.change !== "ended") return;
        over.push(item.effectId);
        this.trail.ended(item.effectId);
        return;
      }
      const { instanceId } = item.instance;
      committed.set(instanceId, (committed.get(instanceId) ?? 0) + (isWritten ? 1 : 0));
      if (isWritten) this.answers.stored(item);
      if (isWritten) work.commits += 1;
    });
    for (const [instanceId, times] of committed) this.trail.check(instanceId, times);
    for (const effectId of over) {
      this.signals.ended(effectId);
      this.family.asked(effectId);
      this.messages.ended(effectId);
    }
  }

  sent(request: OutsideRequest): void {
    this.#outside.sent(request);
  }

  afterOutside(request: OutsideRequest): void {
    this.watched.work.effectsApplied = this.watched.ledger.appliedKeys.size;
    if (request.path === "/notices") this.watched.work.noticesTaken += 1;
    this.#outside.taken(request);
    this.undo.taken(request);
  }

  told(sending: Sending, answer: Answer): void {
    this.answers.told(sending, answer);
  }

  refused(sending: Sending, code: string, sentAtMs: number): void {
    this.answers.refused(sending, code, sentAtMs);
  }
}
