/**
 * What the outside sees.
 *
 * - `outbox`: nothing is sent that no commit has put into the outbox
 * - `effects`: under one key for all tries, everything is done once
 * - `money`: no money appears or goes; a hold is made once, paid once or given back
 * - `joins`: what comes behind a join comes after all that the join waits for
 * - `notices`: an instance's notices come in order, but for one that was given up and arrives after all
 */
import { ALL_MONEY, type Ledger, nameOfWork, type OutsideRequest } from "../world/ledger.js";
import type { Report, TrailOracle } from "./trail-oracle.js";

/** By path, what the machine does before it. */
const COMES_AFTER: { readonly [path: string]: readonly string[] } = {
  "/assemble": ["/draft", "/measure"],
  "/file": ["/draft", "/measure", "/assemble"],
};

export class OutsideOracle {
  constructor(
    private readonly ledger: Ledger,
    private readonly trail: TrailOracle,
    private readonly report: Report,
  ) {}

  sent(request: OutsideRequest): void {
    if (!this.trail.committedKeys.has(request.key))
      this.report(
        "outbox",
        `${request.path} was sent under ${request.key}, which no commit has put into the outbox.`,
      );
  }

  taken(request: OutsideRequest): void {
    const { instanceId, path, payload, key } = request;
    const { ledger } = this;
    const times = ledger.timesDone.get(nameOfWork(request)) ?? 0;
    if (times > 1)
      this.report("effects", `${nameOfWork(request)} was done ${times} times, the last under ${key}.`);
    const missing = COMES_AFTER[path]?.find((before) => !ledger.timesDone.has(`${before} of ${instanceId}`));
    if (missing !== undefined) this.report("joins", `${path} of ${instanceId} came before ${missing}.`);
    if (ledger.available + ledger.held() + ledger.paidOut !== ALL_MONEY)
      this.report("money", `After ${path} of ${instanceId} the money does not add up.`);
    const transfer = ledger.transfers.get(String(payload.transferId));
    if (
      transfer !== undefined &&
      (transfer.holds > 1 || transfer.posted > 1 || (transfer.posted > 0 && transfer.isVoided))
    )
      this.report("money", `${path} of ${instanceId}: ${JSON.stringify(transfer)}.`);
    if (path === "/notices") this.#checkOrder(instanceId);
  }

  #checkOrder(instanceId: string): void {
    const [newest = "", before] = [...(this.ledger.notices.get(instanceId) ?? [])].reverse();
    if (before !== undefined && compare(before, newest) >= 0 && !this.trail.givenUp.has(newest))
      this.report("notices", `${newest} came for the first time after ${before}.`);
  }
}

/** Ids of notices end in `<seq>.<ordinal>`. */
function compare(one: string, other: string): number {
  const [seq = 0, ordinal = 0] = place(one);
  const [otherSeq = 0, otherOrdinal = 0] = place(other);
  return seq - otherSeq || ordinal - otherOrdinal;
}

function place(id: string): number[] {
  return (id.split("/").at(-1) ?? "").split(".").map(Number);
}
