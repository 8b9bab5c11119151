/** Whether a message from outside is for an instance: the value that it carries is the one that the instance waits with. */
import { EvaluationError } from "../expression/evaluation-error.js";
import { parseInstant } from "../instant.js";
import { canonicalJson } from "../json/canonical-json.js";
import type { Json, JsonObject } from "../json/json.js";
import type { Snapshot } from "../model/snapshot.js";
import type { InboundEventModel } from "./inbound-model.js";

/**
 * What the instance waits with; undefined while something of it is absent, since nothing can equal that. It depends on the
 * snapshot alone, so that what is written with a commit is what is found afterwards: `now()` is the time of the commit,
 * and `uuid()` gives nothing that a message could carry.
 */
export function correlationOf(snapshot: Snapshot, { correlate }: InboundEventModel): Json | undefined {
  const { data, variables, actions, instanceId, stateMachineId, version, startedAt } = snapshot;
  try {
    return correlate.render({
      roots: {
        data,
        variables,
        actions: actions as unknown as JsonObject,
        instance: { instanceId, stateMachineId, version, startTime: startedAt },
      },
      nowMs: parseInstant(snapshot.updatedAt) ?? 0,
      uuid: () => "",
      inState: (stateId) => snapshot.tokens.some((token) => token.stateId === stateId),
    });
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

export function isSameValue(left: Json | undefined, right: Json): boolean {
  return left !== undefined && canonicalJson(left) === canonicalJson(right);
}
