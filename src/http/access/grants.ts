/**
 * Grants: what somebody may do with one state machine (`*`: with all), beyond what their roles say.
 *
 *     MACHINE:start          start instances
 *     MACHINE:send           send any event, and data
 *     MACHINE:send:EVENT     send this event
 *     MACHINE:update         send data for the current state
 *     *:signal:NAME          broadcast this signal (`*:signal`: any)
 */
import { StatewrightError } from "../../core/errors.js";
import type { Need } from "../gate.js";

/** Grants of one key or token. */
const MAX_GRANTS = 200;

const FORM = /^(\*|[A-Za-z_][A-Za-z0-9_.-]*):(start|update|send|signal)(?::(.+))?$/;

/** What is checked against, one of which is enough; the narrowest first. Empty where no grant gives such a thing. */
export function grantsFor({ act, stateMachineId, event }: Need): readonly string[] {
  const machines = stateMachineId === undefined ? ["*"] : [stateMachineId, "*"];
  switch (act) {
    case "start":
      return machines.map((machine) => `${machine}:start`);
    case "send":
      return machines.flatMap((machine) => [
        event === undefined ? `${machine}:update` : `${machine}:send:${event}`,
        `${machine}:send`,
      ]);
    case "signal":
      return [...(event === undefined ? [] : [`*:signal:${event}`]), "*:signal"];
    default:
      return [];
  }
}

/** Whether some grant gives a thing of this kind at all: which, is asked again when the request is read. */
export function hasGrantOf(act: Need["act"], grants: readonly string[]): boolean {
  return grants.some((grant) => {
    const what = FORM.exec(grant)?.[2];
    return what === act || (what === "update" && act === "send");
  });
}

/** Throws `USAGE` for one that is not of the form. */
export function checkGrants(grants: readonly string[]): void {
  if (grants.length > MAX_GRANTS) {
    throw new StatewrightError("USAGE", `There are more than ${MAX_GRANTS} grants.`, {
      hint: "Grant what is common to all machines with *.",
    });
  }
  const wrong = grants.find((grant) => !isGrant(grant));
  if (wrong === undefined) return;
  throw new StatewrightError("USAGE", `"${wrong}" is no grant.`, {
    hint: "Write MACHINE:start, MACHINE:send, MACHINE:send:EVENT, MACHINE:update or *:signal:NAME; MACHINE may be *.",
  });
}

/** Whether the text is of the form; others in a token belong to somebody else. */
export function isGrant(text: string): boolean {
  const match = FORM.exec(text);
  if (match === null || text.length > 600) return false;
  const [, machine, what, name] = match;
  if (what === "signal") return machine === "*";
  return what === "send" || name === undefined;
}
