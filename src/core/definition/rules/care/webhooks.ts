import type {
  CanonicalDefinition,
  WebhookCallback,
  WebhookOut,
} from "../../definition-document.generated.js";
import type { DefinitionSurvey } from "../../survey/survey.js";

export interface WebhookEntry {
  readonly webhook: WebhookOut | WebhookCallback;
  readonly pointer: string;
  readonly label: string;
}

/** Every outward webhook with its place. */
export function outwardWebhooks(
  definition: CanonicalDefinition,
  survey: DefinitionSurvey,
): readonly WebhookEntry[] {
  const found: WebhookEntry[] = [];
  const add = (webhook: WebhookOut | WebhookCallback | undefined, pointer: string, label: string) => {
    if (webhook !== undefined) found.push({ webhook, pointer, label });
  };
  add(
    definition.globalCallbackHandler?.webhook,
    "/globalCallbackHandler/webhook",
    "The machine's callback handler",
  );
  for (const { action, pointer, label } of survey.actions) {
    add(action.trigger?.webhook, `${pointer}/trigger/webhook`, label);
    add(action.callback?.webhook, `${pointer}/callback/webhook`, `${label}: the callback`);
  }
  return found;
}
