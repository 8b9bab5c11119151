/**
 * What a chart's data can hold, seen without running it: the names that are declared, the constants that are ever put
 * into each, and whether anything else is. Names are declared by `<data>`, `<foreach>` and the variables of scripts, and
 * all of them are in one scope, as ECMAScript has it in SCXML.
 */
import type { Json } from "../../../core/json/json.js";
import { constantOf } from "../expression/value-template.js";
import type { Chart } from "./chart.js";
import { inlineValue } from "./inline-value.js";
import { readScript } from "./read-script.js";
import { isScxml } from "./scxml-element.js";
import type { XmlElement } from "./xml-element.js";

export interface DataUse {
  /** The constants it is declared with or assigned, in document order. */
  readonly values: Json[];
  /** How often it is set, its declaration counted. */
  sets: number;
  /** True when something that is no constant is put into it. */
  isOpen: boolean;
}

export type DataSurvey = ReadonlyMap<string, DataUse>;

export function surveyData(chart: Chart): DataSurvey {
  const uses = new Map<string, DataUse>();
  const use = (name: string): DataUse => {
    const known = uses.get(name) ?? { values: [], sets: 0, isOpen: false };
    uses.set(name, known);
    return known;
  };
  const declarations = [...chart.data, ...[...chart.statesById.values()].flatMap((state) => state.data)];
  for (const element of declarations) {
    const id = element.attributes.get("id");
    if (id !== undefined && isScxml(element, "data") && isVariableName(id)) put(use(id), element);
  }
  for (const element of everyContent(chart)) {
    const { attributes } = element;
    if (isScxml(element, "foreach")) {
      for (const name of [attributes.get("item"), attributes.get("index")]) {
        if (name !== undefined && isVariableName(name)) open(use(name));
      }
    }
    if (isScxml(element, "script")) {
      const script = readScript(element.text);
      for (const name of script.ok ? script.steps.map((step) => step.name) : []) open(use(name));
    }
  }
  // Only what is declared can be assigned.
  for (const element of everyContent(chart)) {
    const location = element.attributes.get("location")?.trim() ?? "";
    const root = /^[\p{ID_Start}_$][\p{ID_Continue}$]*/u.exec(location)?.[0];
    const known = root === undefined ? undefined : uses.get(root);
    if (known !== undefined && isScxml(element, "assign")) {
      if (root === location) put(known, element);
      else open(known);
    }
    const idLocation = uses.get(element.attributes.get("idlocation")?.trim() ?? "");
    if (idLocation !== undefined) open(idLocation);
  }
  return uses;
}

/** Every element of executable content, at every depth, in document order within its place. */
export function everyContent(chart: Chart): XmlElement[] {
  const roots = [...chart.scripts, ...chart.initial.content];
  for (const state of chart.statesById.values()) {
    for (const block of [...state.entry, ...state.exit]) roots.push(...block.children);
    for (const { content } of state.transitions) roots.push(...content);
    roots.push(...(state.initial?.content ?? []));
  }
  for (const { fallback } of chart.historiesById.values()) roots.push(...(fallback?.content ?? []));
  return roots.flatMap(withDescendants);
}

function withDescendants(element: XmlElement): XmlElement[] {
  return [element, ...element.children.flatMap(withDescendants)];
}

/** Names that ECMAScript takes for a variable, as far as charts write them. */
export function isVariableName(name: string): boolean {
  return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(name) && !RESERVED.has(name) && name !== "__proto__";
}

const RESERVED: ReadonlySet<string> = new Set(
  (
    "break case catch class const continue debugger default delete do else enum export extends false finally for " +
    "function if import in instanceof new null return super switch this throw true try typeof var void while with yield"
  ).split(" "),
);

function put(use: DataUse, element: XmlElement): void {
  use.sets += 1;
  const source = element.attributes.get("expr");
  const value = source === undefined ? inlineValue(element) : { kind: "value", value: constantOf(source) };
  if (value.kind === "value" && value.value !== undefined) use.values.push(value.value);
  else if (value.kind !== "nothing") use.isOpen = true;
}

function open(use: DataUse): void {
  use.sets += 1;
  use.isOpen = true;
}
