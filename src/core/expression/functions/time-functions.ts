/**
 * Functions of time. Instants are RFC 3339 texts in UTC with milliseconds, so that comparing the texts compares the
 * instants; the time itself comes with the command.
 */
import { Temporal } from "temporal-polyfill";
import { parseDuration } from "../../duration/parse-duration.js";
import { formatInstant } from "../../instant.js";
import { EvaluationError } from "../evaluation-error.js";
import type { Value } from "../scope.js";
import { type CallSite, type FunctionRule, textArgument } from "./call-site.js";

export const TIME_FUNCTIONS: { readonly [name: string]: FunctionRule } = {
  now: {
    minArguments: 0,
    maxArguments: 0,
    usage: "now()",
    body: (_values, evaluation) => formatInstant(evaluation.scope.nowMs),
  },
  uuid: {
    minArguments: 0,
    maxArguments: 0,
    usage: "uuid()",
    body: (_values, evaluation) => evaluation.scope.uuid(),
  },
  date: {
    minArguments: 1,
    maxArguments: 2,
    usage: "date(text) or date(text, duration)",
    body: (values, _evaluation, site) => {
      if (values[0] === undefined) return undefined;
      const instantMs = instantOf(textArgument(values, 0, site), site);
      if (values.length === 1) return instantText(instantMs);
      if (values[1] === undefined) return undefined;
      const parsed = parseDuration(textArgument(values, 1, site));
      if (!parsed.ok) throw new EvaluationError(`date: ${parsed.message}`, site.parameters[1]?.path);
      return instantText(parsed.duration.addTo(instantMs));
    },
  },
  duration: {
    minArguments: 1,
    maxArguments: 1,
    usage: "duration(text)",
    body: (values, _evaluation, site) => {
      if (values[0] === undefined) return undefined;
      const parsed = parseDuration(textArgument(values, 0, site));
      if (!parsed.ok) throw new EvaluationError(`duration: ${parsed.message}`, site.parameters[0]?.path);
      const { milliseconds } = parsed.duration;
      if (milliseconds !== undefined) return milliseconds;
      throw new EvaluationError(
        "duration: months and years have no fixed length; use date(text, duration) to add them to a time.",
        site.parameters[0]?.path,
      );
    },
  },
};

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

function instantOf(text: string, site: CallSite): number {
  try {
    if (DATE.test(text)) return Temporal.Instant.from(`${text}T00:00:00Z`).epochMilliseconds;
    if (DATE_TIME.test(text)) return Temporal.Instant.from(text).epochMilliseconds;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw new EvaluationError(
    "date: the text is not a date (2026-01-31) or a time of RFC 3339 (2026-01-31T09:30:00Z).",
    site.parameters[0]?.path,
  );
}

/** Refuses what RFC 3339 cannot say: such texts would not compare. */
function instantText(instantMs: number): Value {
  const text = Math.abs(instantMs) <= 8.64e15 ? formatInstant(instantMs) : "";
  if (/^\d{4}-/.test(text)) return text;
  throw new EvaluationError("date: the result is not within the years 0 to 9999.");
}
