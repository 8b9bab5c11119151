/** Which of the receivers at a path a message is for: its body fits what they expect, and their condition holds over it. */
import { EvaluationError } from "../../core/expression/evaluation-error.js";
import type { Scope } from "../../core/expression/scope.js";
import { canonicalJson } from "../../core/json/canonical-json.js";
import type { Json } from "../../core/json/json.js";
import { isJsonObject, type JsonObject } from "../../core/json/json.js";
import type { RuntimePorts } from "../runtime-ports.js";
import { bodyData, type HookContents } from "./hook-message.js";
import type { HookRefusal } from "./hook-outcome.js";
import type { PlacedReceiver } from "./receivers.js";

export interface SelectedReceiver extends PlacedReceiver {
  /** What of the message becomes data, and whether what nobody declares is left out of it. */
  readonly data: JsonObject;
  readonly takesPart: boolean;
  /** Of an event: what the instance must wait with. */
  readonly value: Json | undefined;
  /** What the definition tells messages apart by; undefined where it does not say, or where that is absent. */
  readonly messageId: string | undefined;
}

type Judgement = { readonly selected: SelectedReceiver } | { readonly refusal: HookRefusal } | "passed by";

/** At least one; or why there is none, an unfit body before a condition that does not hold. */
export function selectReceivers(
  ports: Pick<RuntimePorts, "clock" | "ids">,
  placed: readonly PlacedReceiver[],
  contents: HookContents,
): readonly SelectedReceiver[] | HookRefusal {
  const judgements = placed.map((each) => judge(ports, each, contents));
  const selected = judgements.flatMap((judgement) =>
    typeof judgement === "object" && "selected" in judgement ? [judgement.selected] : [],
  );
  if (selected.length > 0) return selected;
  const [refusal] = judgements.flatMap((judgement) =>
    typeof judgement === "object" && "refusal" in judgement ? [judgement.refusal] : [],
  );
  return refusal ?? unmatched("No condition of what is received here holds over it.");
}

export function unmatched(reason: string): HookRefusal {
  const message = `The message is for nobody: ${reason} Nothing of it is kept; send it again later.`;
  return { outcome: "refused", code: "MESSAGE_UNMATCHED", status: 404, message };
}

function judge(
  ports: Pick<RuntimePorts, "clock" | "ids">,
  placed: PlacedReceiver,
  contents: HookContents,
): Judgement {
  const { receiver, params } = placed;
  const { inbound } = receiver;
  const violations = inbound.violations(contents.body);
  if (violations.length > 0) {
    const told = violations.map(({ path, message }) => ({ path, message }));
    const message = `The body is not what "${inbound.name}" expects: ${told.map((each) => each.message).join("; ")}`;
    return {
      refusal: { outcome: "refused", code: "VALIDATION_FAILED", status: 422, message, violations: told },
    };
  }
  const { body, headers, query } = contents;
  const scope: Scope = {
    roots: { message: { body, headers, query, params } },
    nowMs: ports.clock.now(),
    uuid: () => ports.ids.uuid(),
    inState: () => false,
  };
  try {
    if (!inbound.condition.holds(scope)) return "passed by";
    const data = inbound.data === undefined ? bodyData(contents) : inbound.data.render(scope);
    if (!isJsonObject(data)) throw new EvaluationError('"data" is no object.');
    const id = inbound.messageId?.evaluate(scope);
    return {
      selected: {
        ...placed,
        data,
        takesPart: inbound.data === undefined,
        value: receiver.kind === "event" ? receiver.inbound.value.evaluate(scope) : undefined,
        messageId: id === undefined || id === null ? undefined : textOf(id),
      },
    };
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    const message = `What "${inbound.name}" takes of the message cannot be had: ${error.message}`;
    return { refusal: { outcome: "refused", code: "EXPRESSION_ERROR", status: 422, message } };
  }
}

function textOf(id: Json): string {
  return typeof id === "string" ? id : canonicalJson(id);
}
