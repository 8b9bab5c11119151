/** Every expression and template of a definition with its place, compiled. */
import { type CompiledExpression, compileExpression } from "../../expression/compile-expression.js";
import {
  type CompiledTemplate,
  compileTemplate,
  type TemplateFault,
} from "../../expression/compile-template.js";
import type { ExpressionFault } from "../../expression/scope.js";
import type { Json, JsonObject } from "../../json/json.js";
import { appendPointer } from "../../json/pointer.js";
import type {
  CanonicalDefinition,
  Condition,
  EventTrigger,
  FileCallback,
  KafkaCallback,
  StartTrigger,
  WebhookCallback,
} from "../definition-document.generated.js";
import type { ActionEntry, StateEntry, TransitionEntry } from "./entries.js";

/** Where a text stands in the life of an instance: the states that it may be evaluated in. */
export interface TextPlace {
  readonly pointer: string;
  readonly label: string;
  /** Ids of the states whose data it sees; undefined where it may be any. */
  readonly stateIds: readonly string[] | undefined;
}

export interface ExpressionEntry extends TextPlace {
  readonly source: string;
  readonly expression: CompiledExpression | undefined;
  readonly faults: readonly ExpressionFault[];
}

export interface TemplateEntry extends TextPlace {
  readonly value: Json;
  readonly template: CompiledTemplate | undefined;
  readonly faults: readonly TemplateFault[];
}

interface Things {
  readonly states: readonly StateEntry[];
  readonly transitions: readonly TransitionEntry[];
  readonly actions: readonly ActionEntry[];
}

export function collectTexts(
  definition: CanonicalDefinition,
  things: Things,
): { readonly expressions: readonly ExpressionEntry[]; readonly templates: readonly TemplateEntry[] } {
  const texts = new Texts();
  const machine = { pointer: "", label: "The machine", stateIds: undefined };
  for (const [at, invariant] of (definition.invariants ?? []).entries()) {
    texts.expression(invariant, { ...machine, pointer: `/invariants/${at}` });
  }
  const handler = definition.globalCallbackHandler;
  for (const channel of ["webhook", "kafka", "file"] as const) {
    texts.outward(handler?.[channel], below(machine, "globalCallbackHandler", channel));
  }
  for (const state of things.states) texts.ofState(state);
  for (const transition of things.transitions) texts.ofTransition(transition);
  for (const action of things.actions) texts.ofAction(action);
  return texts;
}

function below(place: TextPlace, ...parts: readonly (string | number)[]): TextPlace {
  return { ...place, pointer: appendPointer(place.pointer, ...parts) };
}

class Texts {
  readonly expressions: ExpressionEntry[] = [];
  readonly templates: TemplateEntry[] = [];
  // The same conditions and references stand in many places.
  readonly #compiledExpressions = new Map<string, ReturnType<typeof compileExpression>>();
  readonly #compiledTemplates = new Map<string, ReturnType<typeof compileTemplate>>();

  expression(source: Condition | undefined, place: TextPlace): void {
    if (typeof source !== "string") return;
    const compiled = this.#compiledExpressions.get(source) ?? compileExpression(source);
    this.#compiledExpressions.set(source, compiled);
    this.expressions.push({
      ...place,
      source,
      expression: compiled.ok ? compiled.expression : undefined,
      faults: compiled.ok ? [] : compiled.faults,
    });
  }

  template(value: Json | undefined, place: TextPlace): void {
    if (value === undefined) return;
    // Without a dollar there is nothing to render, and nothing that could be wrong.
    const text = JSON.stringify(value);
    if (!text.includes("$")) return;
    const compiled = this.#compiledTemplates.get(text) ?? compileTemplate(value);
    this.#compiledTemplates.set(text, compiled);
    this.templates.push({
      ...place,
      value,
      template: compiled.ok ? compiled.template : undefined,
      faults: compiled.ok ? [] : compiled.faults,
    });
  }

  ofState({ state, pointer, label }: StateEntry): void {
    const place: TextPlace = { pointer, label, stateIds: [state.stateId] };
    this.template(state.assignee, below(place, "assignee"));
    this.template(state.candidateGroups, below(place, "candidateGroups"));
    this.template(state.subMachine?.input, below(place, "subMachine", "input"));
    this.template(state.forEach?.items, below(place, "forEach", "items"));
    this.template(state.forEach?.subMachine?.input, below(place, "forEach", "subMachine", "input"));
    this.dictionary(state.subMachine?.output, below(place, "subMachine", "output"));
    this.dictionary(state.forEach?.subMachine?.output, below(place, "forEach", "subMachine", "output"));
    this.template(state.emits?.to, below(place, "emits", "to"));
    this.template(state.emits?.payload, below(place, "emits", "payload"));
    this.inward(state.startOn, below(place, "startOn"));
  }

  ofTransition({ transition, pointer, label, sourceIds }: TransitionEntry): void {
    const { toStateId } = transition;
    const place: TextPlace = {
      pointer,
      label,
      stateIds: toStateId === undefined ? sourceIds : [...sourceIds, toStateId],
    };
    this.expression(transition.condition, below(place, "condition"));
    for (const [at, trigger] of (transition.event ?? []).entries())
      this.inward(trigger, below(place, "event", at));
  }

  ofAction({ action, pointer, label, stateIds, transition }: ActionEntry): void {
    const toStateId = transition?.transition.toStateId;
    const place: TextPlace = {
      pointer,
      label,
      stateIds: toStateId === undefined ? stateIds : [...stateIds, toStateId],
    };
    this.expression(action.condition, below(place, "condition"));
    for (const channel of ["webhook", "kafka", "file"] as const) {
      this.outward(action.trigger?.[channel], below(place, "trigger", channel));
    }
    const callback = action.callback;
    this.outward(callback?.webhook, below(place, "callback", "webhook"));
    this.inward(callback?.kafka, below(place, "callback", "kafka"));
    this.inward(callback?.file, below(place, "callback", "file"));
    this.template(action.config, below(place, "config"));
    this.dictionary(action.assign, below(place, "assign"));
    this.dictionary(action.output, below(place, "output"));
  }

  /** Everything of an outward channel is a template, but for what is asked of the answer, and secrets. */
  outward(channel: JsonObject | undefined, place: TextPlace): void {
    if (channel === undefined) return;
    for (const [name, value] of Object.entries(channel)) {
      if (OUTWARD_TEMPLATES.has(name)) this.template(value, below(place, name));
    }
    this.expression((channel as WebhookCallback).condition, below(place, "condition"));
  }

  inward(
    channel: EventTrigger | StartTrigger | KafkaCallback | FileCallback | undefined,
    place: TextPlace,
  ): void {
    if (channel === undefined) return;
    if ("at" in channel) this.template(channel.at, below(place, "at"));
    if ("correlate" in channel) this.template(channel.correlate, below(place, "correlate"));
    if ("data" in channel) this.dictionary(channel.data, below(place, "data"));
    if ("messageId" in channel) this.expression(channel.messageId, below(place, "messageId"));
    if ("condition" in channel) this.expression(channel.condition, below(place, "condition"));
    if ("message" in channel && !("trigger" in channel && channel.trigger === "message")) {
      this.expression(channel.message, below(place, "message"));
    }
  }

  dictionary(values: { readonly [property: string]: Json } | undefined, place: TextPlace): void {
    for (const [property, value] of Object.entries(values ?? {}))
      this.template(value, below(place, property));
  }
}

const OUTWARD_TEMPLATES = new Set([
  "url",
  "headers",
  "query",
  "payload",
  "topic",
  "key",
  "message",
  "path",
  "content",
]);
