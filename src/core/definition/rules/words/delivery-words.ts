/** What is said of delivery at most once means something where it stands. */
import type { ActionEntry } from "../../survey/entries.js";
import type { Rule, RuleContext, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";

/** What happens in the instance itself is committed with it, or not at all. */
const NOT_SENT: ReadonlySet<string> = new Set(["assign", "audit", "cancel", "log", "raise"]);
/** What can answer a question. */
const ANSWERING: ReadonlySet<string> = new Set(["webhook", "function"]);

export const deliveryWords: Rule = (context) =>
  context.survey.actions.flatMap((entry) => [
    ...(isReconcile(entry) ? faultsOfReconcile(entry) : []),
    ...faultsOfDelivery(entry),
    ...faultsOfReconciled(entry, context),
    ...faultsOfWaiting(entry, context),
  ]);

/** It finds out about the action that it stands in. */
export function isReconcile({ pointer }: ActionEntry): boolean {
  return pointer.endsWith("/reconcile");
}

function faultsOfReconcile({ action, pointer, label, kind }: ActionEntry): RuleFinding[] {
  const found: RuleFinding[] = [];
  if (!ANSWERING.has(kind)) {
    found.push(
      finding("NO_MEANING", pointer, `${label} cannot find out anything: it asks nobody.`, {
        severity: "error",
        hint: "Make it a webhook or a function that asks the other side.",
      }),
    );
  }
  if (action.reconcile !== undefined) {
    found.push(
      finding("NO_MEANING", `${pointer}/reconcile`, `${label}: a reconcile action has none of its own.`, {
        severity: "error",
        hint: "It may be asked again: give it retryCount and retryDelay instead.",
      }),
    );
  }
  if (action.delivery === "atMostOnce") {
    found.push(
      warning(`${pointer}/delivery`, `${label}: a question is asked at least once.`, "Remove delivery."),
    );
  }
  return found;
}

function faultsOfDelivery(entry: ActionEntry): RuleFinding[] {
  const { action, pointer, label, kind } = entry;
  if (action.delivery !== "atMostOnce" || isReconcile(entry)) return [];
  if (NOT_SENT.has(kind)) {
    const sentence = `${label}: "atMostOnce" means nothing here; an action of type "${kind}" sends nothing.`;
    return [warning(`${pointer}/delivery`, sentence, "Remove delivery.")];
  }
  if (action.onTimeout === undefined) return [];
  const sentence = `${label}: "onTimeout" is not asked; what is sent at most once and not answered in time is unknown, and has not failed.`;
  return [
    warning(`${pointer}/onTimeout`, sentence, "Remove onTimeout, and add reconcile where there is none."),
  ];
}

function faultsOfReconciled(
  { action, pointer, label }: ActionEntry,
  { definition }: RuleContext,
): RuleFinding[] {
  const delivery = action.delivery ?? definition.actionDefaults?.delivery;
  if (action.reconcile === undefined || delivery === "atMostOnce" || pointer.endsWith("/reconcile"))
    return [];
  const sentence = `${label}: "reconcile" is never asked; what is sent at least once is sent again instead.`;
  return [warning(`${pointer}/reconcile`, sentence, 'Add "delivery": "atMostOnce", or remove reconcile.')];
}

/** A callback may still come when the try is unknown, and would have to decide about it. */
function faultsOfWaiting(entry: ActionEntry, { definition }: RuleContext): RuleFinding[] {
  const { action, pointer, label } = entry;
  const isOnce = (action.delivery ?? definition.actionDefaults?.delivery) === "atMostOnce";
  if (action.callback?.webhook?.await !== true || !(isOnce || isReconcile(entry))) return [];
  const sentence = `${label}: waiting for a callback is not run by this version for ${isReconcile(entry) ? "a reconcile action" : "what is sent at most once"}.`;
  return [finding("NOT_RUN_YET", `${pointer}/callback/webhook/await`, sentence)];
}

function warning(pointer: string, sentence: string, hint: string): RuleFinding {
  return finding("NO_MEANING", pointer, sentence, { severity: "warning", hint });
}
