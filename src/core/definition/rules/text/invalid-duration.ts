import { parseCron } from "../../../duration/parse-cron.js";
import { parseDuration } from "../../../duration/parse-duration.js";
import type { ActionDefaults, CanonicalAction } from "../../definition-document.generated.js";
import type { Rule, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";

/** The shortest time between two of what comes again and again. */
const MIN_BEAT_MS = 1_000;

/** Every duration, cron expression and time zone can be read. */
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
  /** What comes again must let time go by in between. */
  const checkEvery = (text: string, pointer: string, label: string) => {
    check(text, pointer, label);
    const parsed = parseDuration(text);
    if (parsed.ok && parsed.duration.addTo(0) < MIN_BEAT_MS) {
      const message = `${label}: "every" must be at least a second, and is "${text}".`;
      findings.push(finding("INVALID_DURATION", pointer, message));
    }
  };
  const checkCron = (text: string, pointer: string, label: string) => {
    const parsed = parseCron(text);
    if (!parsed.ok) findings.push(finding("INVALID_DURATION", pointer, `${label}: ${parsed.message}`));
  };
  const checkZone = (zone: string, pointer: string, label: string) => {
    if (parseCron("0 0 * * *", zone).ok) return;
    const message = `${label}: "${zone}" is no time zone of the IANA database.`;
    findings.push(finding("INVALID_DURATION", pointer, message, { hint: "Write it as in Europe/Berlin." }));
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
    if ("timezone" in trigger) checkZone(String(trigger.timezone), `${pointer}/timezone`, label);
    if (!("every" in trigger)) return;
    const every = String(trigger.every);
    if (every.startsWith("P")) checkEvery(every, `${pointer}/every`, label);
    else checkCron(every, `${pointer}/every`, label);
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
    check(action.callback?.webhook?.timeout, `${pointer}/callback/webhook/timeout`, label);
    checkTiming(action.callback?.file, `${pointer}/callback/file`, label);
    const { delay } = action.config ?? {};
    // What a template gives is only known when it is rendered.
    if (delay?.includes("$") === false) check(delay, `${pointer}/config/delay`, label);
  }
  return findings;
};
