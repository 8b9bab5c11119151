import type { Snapshot } from "../../core/model/snapshot.js";
import type { Submission, SubmissionOutcome } from "../instances.js";
import type { Machines } from "../machines.js";
import type { RuntimePorts } from "../runtime-ports.js";

/** What taking messages from outside needs. */
export interface InboundWorld {
  readonly ports: Pick<RuntimePorts, "store" | "clock" | "logger" | "sha256" | "ids" | "senders">;
  readonly machines: Machines;
  readonly submit: (submission: Submission) => Promise<SubmissionOutcome>;
  readonly snapshot: (instanceId: string) => Promise<Snapshot | undefined>;
}
