import { parseDuration } from "../../../duration/parse-duration.js";
import type { ActionDefaults, CanonicalAction } from "../../definition-document.generated.js";
import type { Rule, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";

/** Every duration can be read. */
export const invalidDuration: Rule = ({ definition, survey }) => {
  const findings: RuleFinding[] = [];
  const sound = new Set<string>();
  const check = (text: string | undefined, pointer: string, label: string) => {
    if (text === undefined || sound.has(text)) return;
    const parsed = parseDuration(text);
    if (parsed.ok) {
      sound.add(text);
      return;
    }
    findings.push(finding("INVALID_DURATION", pointer, `${label}: ${parsed.message}`));
  };
  const checkTries = (
    settings: ActionDefaults | CanonicalAction | undefined,
    pointer: string,
    label: string,
  ) => {
    check(settings?.retryDelay, `${pointer}/retryDelay`, label);
    check(settings?.timeout, `${pointer}/timeout`, label);
    check(settings?.backoff?.maxDelay, `${pointer}/backoff/maxDelay`, label);
  };
  const checkTiming = (trigger: object | undefined, pointer: string, label: string) => {
    if (trigger === undefined) return;
    if ("after" in trigger) check(String(trigger.after), `${pointer}/after`, label);
    if ("settle" in trigger) check(String(trigger.settle), `${pointer}/settle`, label);
    // Anything else that comes again and again is a cron expression.
    if ("every" in trigger && String(trigger.every).startsWith("P"))
      check(String(trigger.every), `${pointer}/every`, label);
  };
  checkTries(definition.actionDefaults, "/actionDefaults", "The machine: the defaults of actions");
  for (const { state, pointer, label } of survey.states) {
    check(state.timeout?.after, `${pointer}/timeout/after`, label);
    checkTiming(state.startOn, `${pointer}/startOn`, label);
  }
  for (const { transition, pointer, label } of survey.transitions) {
    for (const [at, trigger] of (transition.event ?? []).entries())
      checkTiming(trigger, `${pointer}/event/${at}`, label);
  }
  for (const { action, pointer, label } of survey.actions) {
    checkTries(action, pointer, label);
    checkTiming(action.callback?.file, `${pointer}/callback/file`, label);
    const { delay } = action.config ?? {};
    // What a template gives is only known when it is rendered.
    if (delay?.includes("$") === false) check(delay, `${pointer}/config/delay`, label);
  }
  return findings;
};
