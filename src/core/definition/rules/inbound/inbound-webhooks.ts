import type { EventWebhookTrigger, WebhookStart } from "../../definition-document.generated.js";
import type { DefinitionSurvey } from "../../survey/survey.js";

export interface InboundEntry {
  readonly webhook: EventWebhookTrigger | WebhookStart;
  readonly isStart: boolean;
  readonly pointer: string;
  readonly label: string;
}

/** Every webhook that comes in, with its place; those of transitions first. */
export function inboundWebhooks({ transitions, states }: DefinitionSurvey): readonly InboundEntry[] {
  const found: InboundEntry[] = [];
  for (const { transition, pointer, label } of transitions) {
    for (const [at, webhook] of (transition.event ?? []).entries()) {
      if (webhook.trigger !== "webhook") continue;
      found.push({ webhook, isStart: false, pointer: `${pointer}/event/${at}`, label });
    }
  }
  for (const { state, pointer, label } of states) {
    if (state.startOn?.trigger !== "webhook") continue;
    found.push({ webhook: state.startOn, isStart: true, pointer: `${pointer}/startOn`, label });
  }
  return found;
}
