import type { Answer } from "../../core/message/answer.js";

/** An answer as people read it: what has happened to the instance. */
export function answerText(answer: Answer): string {
  switch (answer.outcome) {
    case "started":
      return `started in "${answer.to}"`;
    case "taken":
      return `${answer.transitionId} taken: "${answer.from}" → "${answer.to}"`;
    case "queued":
      return "kept until the actions under way are done";
    case "updated": {
      const blocked = (answer.blocked ?? []).map(
        ({ transitionId, violations }) =>
          `${transitionId} waits for ${violations.map(({ message }) => message).join(", ")}`,
      );
      return blocked.length === 0 ? "data taken" : `data taken; ${blocked.join("; ")}`;
    }
    case "late":
      return answer.message;
    case "done":
      return "done";
  }
}
