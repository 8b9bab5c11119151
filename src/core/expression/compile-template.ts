/**
 * Compiles a template: any JSON in which texts may refer to data. Rendering gives JSON.
 *
 * 1. Parts without references are constant and are not copied.
 * 2. A reference to something absent is an error that names the path; one with `?` leaves its property or element
 *    out, and is null when it is the whole template.
 * 3. What is rendered is bounded, whatever is referred to.
 * 4. Names of properties are not templates.
 * 5. What is filled into an address is escaped, but for a beginning: a value never adds a segment, a query or a host.
 */
import type { Json, JsonObject } from "../json/json.js";
import { appendPointer } from "../json/pointer.js";
import { Evaluation } from "./evaluation.js";
import { EvaluationError } from "./evaluation-error.js";
import { asText } from "./functions/text-functions.js";
import { MAX_RESULT_CHARS, MAX_VALUE_DEPTH } from "./limits.js";
import { referenceText } from "./reference.js";
import type { ExpressionFault, ReferencePath, Scope, Value } from "./scope.js";
import { type Interpolation, type Reference, readTextTemplate } from "./template/text-template.js";
import { jsonSize } from "./values/json-size.js";
import { readMember } from "./values/member.js";

/** A fault in a template; its offset counts in the text that the pointer names. */
export type TemplateFault = ExpressionFault & {
  /** RFC 6901, inside the template. */
  readonly pointer: string;
};

export interface CompiledTemplate {
  /**
   * Throws `EvaluationError` when a reference without `?` is absent, an expression fails or the result has more than
   * 262,144 characters.
   */
  readonly render: (scope: Scope) => Json;
  /** Every path it reads, each once; optional ones too. */
  readonly references: readonly ReferencePath[];
  readonly functions: ReadonlySet<string>;
  readonly statesAsked: ReadonlySet<string>;
}

export type CompiledTemplateOrFaults =
  | { readonly ok: true; readonly template: CompiledTemplate }
  | { readonly ok: false; readonly faults: readonly TemplateFault[] };

/** A compiled part: its value, or `undefined` when it is to be left out. */
type Renderer = (scope: Scope) => Value;

/** A part that is the same at each rendering, or one that is not. */
type Part = { readonly constant: Json } | { readonly render: Renderer };

export interface TemplateOptions {
  /** RFC 6901 pointers of texts inside the template that are addresses. */
  readonly addresses?: readonly string[];
}

/** All faults are told at once, in document order. */
export function compileTemplate(value: Json, options: TemplateOptions = {}): CompiledTemplateOrFaults {
  const compiling = new TemplateCompiling(new Set(options.addresses));
  const part = compiling.part(value, "", 0);
  const { faults, functions, statesAsked } = compiling;
  if (faults.length > 0) return { ok: false, faults };
  const references = compiling.references;
  const render =
    "constant" in part ? () => part.constant : (scope: Scope) => bounded(part.render(scope) ?? null);
  return { ok: true, template: { render, references, functions, statesAsked } };
}

class TemplateCompiling {
  readonly faults: TemplateFault[] = [];
  readonly functions = new Set<string>();
  readonly statesAsked = new Set<string>();
  private readonly referencesByText = new Map<string, ReferencePath>();

  constructor(private readonly addresses: ReadonlySet<string>) {}

  get references(): readonly ReferencePath[] {
    return [...this.referencesByText.values()];
  }

  part(value: Json, pointer: string, depth: number): Part {
    if (typeof value === "string") return this.text(value, pointer);
    if (typeof value !== "object" || value === null) return { constant: value };
    if (depth >= MAX_VALUE_DEPTH) {
      const message = `The template is nested more than ${MAX_VALUE_DEPTH} levels deep.`;
      this.faults.push({ code: "LIMIT", offset: 0, message, pointer });
      return { constant: null };
    }
    if (Array.isArray(value)) {
      const elements: readonly Json[] = value;
      return listPart(
        elements.map((element, index) => this.part(element, appendPointer(pointer, index), depth + 1)),
      );
    }
    const properties = Object.entries(value as JsonObject);
    return objectPart(
      properties.map(([name, property]) => [
        name,
        this.part(property, appendPointer(pointer, name), depth + 1),
      ]),
    );
  }

  private text(text: string, pointer: string): Part {
    const faults: ExpressionFault[] = [];
    const template = readTextTemplate(text, faults);
    for (const fault of faults) this.faults.push({ ...fault, pointer });
    if (faults.length > 0) return { constant: null };
    switch (template.kind) {
      case "constant":
        return { constant: template.text };
      case "whole":
        this.note(template.part);
        return { render: wholeRenderer(template.part) };
      case "joined":
        for (const part of template.parts) if (typeof part !== "string") this.note(part);
        return { render: joinedRenderer(template.parts, this.addresses.has(pointer) ? addressPart : asIs) };
    }
  }

  private note(part: Reference | Interpolation): void {
    if (part.kind === "reference") {
      const [root, ...keys] = part.path;
      const firstIndex = keys.findIndex((key) => typeof key === "number");
      const named = (firstIndex === -1 ? keys : keys.slice(0, firstIndex)).map(String);
      this.add([root, ...named]);
      return;
    }
    for (const path of part.expression.references) this.add(path);
    for (const name of part.expression.functions) this.functions.add(name);
    for (const stateId of part.expression.statesAsked) this.statesAsked.add(stateId);
  }

  private add(path: ReferencePath): void {
    this.referencesByText.set(JSON.stringify(path), path);
  }
}

function listPart(parts: readonly Part[]): Part {
  if (parts.every((part) => "constant" in part)) return { constant: parts.map((part) => part.constant) };
  return {
    render: (scope) =>
      parts.map((part) => renderPart(part, scope)).filter((element) => element !== undefined),
  };
}

function objectPart(properties: readonly (readonly [string, Part])[]): Part {
  const constants: [string, Json][] = [];
  for (const [name, part] of properties) if ("constant" in part) constants.push([name, part.constant]);
  // Built from entries, because assigning to a property called __proto__ would do something else.
  if (constants.length === properties.length) return { constant: Object.fromEntries(constants) };
  return {
    render: (scope) => {
      const entries: [string, Json][] = [];
      for (const [name, part] of properties) {
        const value = renderPart(part, scope);
        if (value !== undefined) entries.push([name, value]);
      }
      return Object.fromEntries(entries);
    },
  };
}

function renderPart(part: Part, scope: Scope): Value {
  return "constant" in part ? part.constant : part.render(scope);
}

function wholeRenderer(part: Reference | Interpolation): Renderer {
  if (part.kind === "expression") return (scope) => present(part, scope);
  const [root, ...keys] = part.path;
  const name = referenceText(part.path);
  return (scope) => {
    let value: Value = scope.roots[root];
    for (const key of keys) value = readMember(value, key);
    if (value === undefined && !part.isOptional) {
      throw new EvaluationError(`${name} is absent. Write $${name}? if it may be.`, name);
    }
    return value;
  };
}

function joinedRenderer(
  parts: readonly (string | Interpolation)[],
  fill: (text: string) => string,
): Renderer {
  return (scope) => {
    // Its own steps, for what turning values into text costs.
    const evaluation = new Evaluation(scope, [], 0);
    let text = "";
    for (const part of parts) {
      if (typeof part === "string") text += part;
      else {
        const filled = asText(present(part, scope), evaluation);
        text += text === "" ? filled : fill(filled);
      }
      if (text.length > MAX_RESULT_CHARS) throw tooLong();
    }
    return text;
  };
}

function asIs(text: string): string {
  return text;
}

/** A value inside an address stands for itself alone. Dots cannot be escaped there, so they are refused. */
function addressPart(text: string): string {
  if (text === "." || text === "..") {
    throw new EvaluationError("A value of dots cannot be filled into an address: it would lead elsewhere.");
  }
  try {
    return encodeURIComponent(text);
  } catch {
    throw new EvaluationError(
      "A value with half a character (a lone surrogate) cannot be filled into an address.",
    );
  }
}

/** The value of an expression that must not be absent. */
function present({ expression }: Interpolation, scope: Scope): Json {
  const value = expression.evaluate(scope);
  if (value !== undefined) return value;
  const [path] = expression.references;
  const name = path === undefined ? undefined : referenceText(path);
  // Of a longer expression nobody can tell which of its paths is to blame.
  const source = expression.source.trim();
  throw new EvaluationError(`\${${source}} is absent.`, source === name ? name : undefined);
}

function bounded(value: Json): Json {
  if (jsonSize(value, MAX_RESULT_CHARS) > MAX_RESULT_CHARS) throw tooLong();
  return value;
}

function tooLong(): EvaluationError {
  return new EvaluationError(`The template renders more than ${MAX_RESULT_CHARS} characters.`);
}
