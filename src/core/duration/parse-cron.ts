/**
 * Cron expressions: five fields (minute, hour, day of the month, month, day of the week), or six with seconds first, in a
 * time zone. Where the clocks go forward, a fixed time that does not exist that day comes right after the gap; where they
 * go back, a fixed time comes once and a repeated one (`*`, steps) in each of the two hours.
 */
import { Cron } from "croner";
import { dateAt } from "../instant.js";

export interface CronSchedule {
  readonly text: string;
  /** The first instant after the given one; `undefined` when there is none any more. */
  readonly nextAfter: (instantMs: number) => number | undefined;
}

export type ParsedCron =
  | { readonly ok: true; readonly schedule: CronSchedule }
  | { readonly ok: false; readonly message: string };

const MAX_CHARS = 200;

/** Never throws. `timeZone` is a name of the IANA database; UTC where missing. */
export function parseCron(text: string, timeZone = "UTC"): ParsedCron {
  const refuse = (why: string): ParsedCron => ({
    ok: false,
    message: `${JSON.stringify(text.slice(0, 60))} cannot be used as a cron expression: ${why}.`,
  });
  if (text.length > MAX_CHARS) return refuse(`it is longer than ${MAX_CHARS} characters`);
  // In the library's dialect "?" and nicknames such as "@reboot" stand for the time at which they are read.
  if (/[?@]/.test(text)) return refuse(`"?" and "@" are not part of it`);
  try {
    // Without a function it is never scheduled: only asked.
    const cron = new Cron(text, { timezone: timeZone, mode: "5-or-6-parts", paused: true });
    cron.nextRun(dateAt(0));
    return { ok: true, schedule: { text, nextAfter: (instantMs) => nextAfter(cron, instantMs) } };
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^CronPattern: /, "").replace(/\.$/, "") : "";
    return refuse(why === "" ? "it has no such form" : why);
  }
}

function nextAfter(cron: Cron, instantMs: number): number | undefined {
  return cron.nextRun(dateAt(instantMs))?.getTime();
}
