import type { Answer } from "../../core/message/answer.js";
import { RefusedError } from "../../core/refused.js";
import type { Reader } from "../reader.js";
import { keptEventTurn } from "./kept-event-turn.js";

/** The answer to an event that was kept, now that the instance is settled. Throws `RefusedError` when it was discarded. */
export async function answerOfTurn(reader: Reader, instanceId: string, answer: Answer): Promise<Answer> {
  if (answer.outcome !== "queued") return answer;
  const turn = keptEventTurn(await reader.audit(instanceId), answer.seq);
  if (turn.outcome === "taken") return turn.answer;
  if (turn.outcome === "discarded") throw new RefusedError(turn.rejection);
  const { status } = await reader.document(instanceId);
  if (status === "active" || status === "suspended") return answer;
  throw new RefusedError({
    code: "INSTANCE_ENDED",
    message: `Instance "${instanceId}" ended (${status}) before the event had its turn.`,
  });
}
