/** Compiles the texts of a definition (conditions, templates, durations) that validation has found sound. */
import { parseCron } from "../duration/parse-cron.js";
import { parseDuration } from "../duration/parse-duration.js";
import { compileExpression } from "../expression/compile-expression.js";
import { compileTemplate, type TemplateOptions } from "../expression/compile-template.js";
import type { ValueExpression } from "../expression/compiled-texts.js";
import type { Json, JsonObject } from "../json/json.js";
import type { Condition, Duration, PropertyTemplate, Recurrence, Template } from "./machine.js";

/** Thrown for a definition that was never validated: compiling is for what `readDefinition` has accepted. */
export class NotCompilableError extends Error {
  constructor(what: string) {
    super(`${what} Validate the definition before it is compiled.`);
    this.name = "NotCompilableError";
  }
}

export const ALWAYS: Condition = { source: "true", holds: () => true };

export function compileCondition(source: string | undefined): Condition {
  if (source === undefined || source.trim() === "true") return ALWAYS;
  const compiled = compileExpression(source);
  if (!compiled.ok)
    throw new NotCompilableError(
      `The condition ${source} is not an expression: ${compiled.faults[0]?.message ?? ""}.`,
    );
  const { expression } = compiled;
  return { source, holds: (scope) => expression.evaluate(scope) === true };
}

export function compileExpressionOf(source: string): ValueExpression {
  const compiled = compileExpression(source);
  if (!compiled.ok)
    throw new NotCompilableError(`${source} is not an expression: ${compiled.faults[0]?.message ?? ""}.`);
  const { expression } = compiled;
  return { source, evaluate: (scope) => expression.evaluate(scope) };
}

export function compileTemplateOf(
  value: Json,
  options: TemplateOptions = {},
): Template & { readonly needsResults: boolean } {
  const compiled = compileTemplate(value, options);
  if (!compiled.ok)
    throw new NotCompilableError(`A template is not sound: ${compiled.faults[0]?.message ?? ""}.`);
  const { template } = compiled;
  return {
    render: (scope) => template.render(scope),
    needsResults: template.references.some(([root]) => root === "actions" || root === "response"),
  };
}

export function compileProperties(properties: JsonObject | undefined): PropertyTemplate[] {
  return Object.entries(properties ?? {}).map(([property, value]) => {
    const template = compileTemplateOf(value);
    return { property, template, needsResults: template.needsResults };
  });
}

/** Months, years and days are those of the time zone; UTC where none is given. */
export function compileDuration(text: string, timeZone?: string): Duration {
  const parsed = parseDuration(text);
  if (!parsed.ok) throw new NotCompilableError(`"${text}" is not a duration: ${parsed.message}`);
  const { duration } = parsed;
  return { text, addTo: (instantMs) => duration.addTo(instantMs, timeZone) };
}

/** A duration, from one time to the next, or a cron expression. */
export function compileRecurrence(text: string, timeZone?: string): Recurrence {
  if (text.startsWith("P")) {
    const { addTo } = compileDuration(text, timeZone);
    return { text, nextAfter: addTo };
  }
  const parsed = parseCron(text, timeZone);
  if (!parsed.ok) throw new NotCompilableError(parsed.message);
  return { text, nextAfter: parsed.schedule.nextAfter };
}

/** A duration as milliseconds, counted from 1970 where it is a matter of the calendar. */
export function durationMs(text: string): number {
  return compileDuration(text).addTo(0);
}
