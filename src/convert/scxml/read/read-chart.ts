/**
 * Reads the elements of a chart into states, histories and transitions, and says what does not fit together.
 *
 * 1. Reading goes on after a fault: everything that is wrong is told at once.
 * 2. Ids are kept as they are written; what has none gets one that nothing else has.
 */
import type { Place, Report } from "../report.js";
import type { Chart, ChartHistory, ChartInitial, ChartState, ChartTransition } from "./chart.js";
import { isScxml } from "./scxml-element.js";
import type { XmlElement } from "./xml-element.js";

type Growing<T> = { -readonly [Key in keyof T]: T[Key] };

interface GrowingState extends Growing<ChartState> {
  children: ChartState[];
  transitions: ChartTransition[];
  entry: XmlElement[];
  exit: XmlElement[];
  data: XmlElement[];
}

/** As many as a definition has at most. */
const MAX_STATES = 1000;
const MAX_TRANSITIONS = 5000;

const STATE_NAMES = ["state", "parallel", "final"];

/** The chart; `undefined` when the root is no `<scxml>` or holds no state. */
export function readChart(root: XmlElement, report: Report): Chart | undefined {
  if (!isScxml(root, "scxml")) {
    report.add(
      "SCXML_INVALID",
      root.place,
      `The root is <${root.name}> and not <scxml> of the namespace of SCXML.`,
      'Begin with <scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0">.',
    );
    return undefined;
  }
  return new ChartReader(report).read(root);
}

class ChartReader {
  readonly #statesById = new Map<string, ChartState>();
  readonly #historiesById = new Map<string, ChartHistory>();
  readonly #takenIds = new Set<string>();
  #made = 0;

  constructor(private readonly report: Report) {}

  read(root: XmlElement): Chart | undefined {
    collectIds(root, this.#takenIds);
    const states: ChartState[] = [];
    const data: XmlElement[] = [];
    const scripts: XmlElement[] = [];
    let initial: ChartInitial | undefined;
    const common: XmlElement[] = [];
    for (const child of root.children) {
      if (isState(child)) states.push(this.#state(child, undefined));
      else if (isScxml(child, "datamodel")) data.push(...child.children);
      else if (isScxml(child, "script")) scripts.push(child);
      else if (isScxml(child, "initial")) initial = this.#initialOf(child);
      else if (isScxml(child, "transition")) common.push(child);
      else this.#leaveOut(child, "the chart");
    }
    const [first] = states;
    if (first === undefined) {
      this.report.add("SCXML_INVALID", root.place, "The chart has no state.");
      return undefined;
    }
    this.#addCommonTransitions(common, states);
    const chart: Chart = {
      name: root.attributes.get("name"),
      place: root.place,
      bindsLate: root.attributes.get("binding") === "late",
      states,
      initial: initial ?? initialAttribute(root) ?? defaultInitial(first),
      statesById: this.#statesById,
      historiesById: this.#historiesById,
      data,
      scripts,
    };
    this.#checkSize(chart);
    this.#checkDatamodel(root);
    this.#checkTargets(chart);
    return chart;
  }

  #state(element: XmlElement, parent: ChartState | undefined): ChartState {
    const isParallel = element.name === "parallel";
    const isComposite = element.children.some(isState);
    const kind =
      element.name === "final" ? "final" : isComposite ? (isParallel ? "parallel" : "compound") : "atomic";
    const state: GrowingState = {
      kind,
      id: this.#idOf(element),
      place: element.place,
      parent,
      children: [],
      initial: undefined,
      transitions: [],
      entry: [],
      exit: [],
      data: [],
      doneData: undefined,
    };
    this.#register(state);
    let initial = initialAttribute(element);
    for (const child of element.children) {
      if (isState(child)) state.children.push(this.#state(child, state));
      else if (isScxml(child, "transition") && kind !== "final")
        state.transitions.push(readTransition(child, state));
      else if (isScxml(child, "onentry")) state.entry.push(child);
      else if (isScxml(child, "onexit")) state.exit.push(child);
      else if (isScxml(child, "datamodel")) state.data.push(...child.children);
      else if (isScxml(child, "initial") && kind === "compound") initial = this.#initialOf(child);
      else if (isScxml(child, "history") && (kind === "compound" || kind === "parallel"))
        this.#history(child, state);
      else if (isScxml(child, "donedata") && kind === "final") state.doneData = child;
      else if (isScxml(child, "invoke")) this.#refuseInvoke(child, state);
      else this.#leaveOut(child, `state "${state.id}"`);
    }
    if (kind === "final" && state.children.length > 0) {
      this.report.add("SCXML_INVALID", element.place, `The final state "${state.id}" holds states.`);
    }
    const [first] = state.children;
    if (kind === "compound" && first !== undefined) state.initial = initial ?? defaultInitial(first);
    return state;
  }

  #idOf(element: XmlElement): string {
    const id = element.attributes.get("id");
    if (id !== undefined) return id;
    for (;;) {
      this.#made += 1;
      const made = `${element.name}${this.#made}`;
      if (!this.#takenIds.has(made)) return made;
    }
  }

  #register(state: ChartState): void {
    if (this.#statesById.has(state.id) || this.#historiesById.has(state.id)) {
      this.report.add(
        "SCXML_DUPLICATE_ID",
        state.place,
        `The id "${state.id}" is there twice.`,
        "Rename one of them.",
      );
    } else this.#statesById.set(state.id, state);
  }

  #history(element: XmlElement, owner: ChartState): void {
    const id = this.#idOf(element);
    const transition = element.children.find((child) => isScxml(child, "transition"));
    const fallback = transition === undefined ? undefined : initialFrom(transition);
    const history: ChartHistory = {
      id,
      depth: element.attributes.get("type") === "deep" ? "deep" : "shallow",
      owner,
      place: element.place,
      fallback: fallback === undefined || fallback.targets.length === 0 ? undefined : fallback,
    };
    if (this.#statesById.has(id) || this.#historiesById.has(id)) {
      this.report.add(
        "SCXML_DUPLICATE_ID",
        element.place,
        `The id "${id}" is there twice.`,
        "Rename one of them.",
      );
    } else this.#historiesById.set(id, history);
  }

  #initialOf(element: XmlElement): ChartInitial | undefined {
    const transition = element.children.find((child) => isScxml(child, "transition"));
    const initial = transition === undefined ? undefined : initialFrom(transition);
    if (initial !== undefined && initial.targets.length > 0) return initial;
    this.report.add("SCXML_INVALID", element.place, "<initial> holds no <transition> that leads anywhere.");
    return undefined;
  }

  /** The recommendation knows no transitions of the chart itself; those that are there belong to every state at the top. */
  #addCommonTransitions(elements: readonly XmlElement[], states: readonly ChartState[]): void {
    for (const element of elements) {
      this.report.add(
        "SCXML_LEFT_OUT",
        element.place,
        "A transition of the chart itself is taken as one of every state at the top, after its own.",
      );
      for (const state of states) {
        if (state.kind !== "final") (state as GrowingState).transitions.push(readTransition(element, state));
      }
    }
  }

  #checkDatamodel(root: XmlElement): void {
    const datamodel = root.attributes.get("datamodel") ?? "ecmascript";
    if (["ecmascript", "null", ""].includes(datamodel)) return;
    this.report.add(
      "SCXML_EXPRESSION",
      root.place,
      `The data model "${datamodel}" is not read.`,
      "Only ecmascript and null are.",
    );
  }

  #checkSize({ statesById, place }: Chart): void {
    const transitions = [...statesById.values()].reduce((sum, state) => sum + state.transitions.length, 0);
    if (statesById.size <= MAX_STATES && transitions <= MAX_TRANSITIONS) return;
    this.report.add(
      "SCXML_INVALID",
      place,
      `The chart has ${statesById.size} states and ${transitions} transitions; a definition has at most ${MAX_STATES} and ${MAX_TRANSITIONS}.`,
    );
  }

  #checkTargets(chart: Chart): void {
    const check = (targets: readonly string[], place: Place, what: string) => {
      for (const target of targets) {
        if (chart.statesById.has(target) || chart.historiesById.has(target)) continue;
        this.report.add(
          "SCXML_UNKNOWN_STATE",
          place,
          `${what} leads to "${target}", which is no state of the chart.`,
        );
      }
    };
    check(chart.initial.targets, chart.initial.place, "The chart's beginning");
    for (const state of chart.statesById.values()) {
      if (state.initial !== undefined) {
        check(state.initial.targets, state.initial.place, `The beginning of "${state.id}"`);
        this.#checkInside(chart, state, state.initial);
      }
      for (const { targets, place } of state.transitions)
        check(targets, place, `A transition from "${state.id}"`);
    }
    for (const { id, fallback } of chart.historiesById.values()) {
      if (fallback !== undefined) check(fallback.targets, fallback.place, `The history "${id}"`);
    }
  }

  #checkInside(chart: Chart, state: ChartState, initial: ChartInitial): void {
    for (const target of initial.targets) {
      let at = chart.statesById.get(target)?.parent ?? chart.historiesById.get(target)?.owner;
      while (at !== undefined && at !== state) at = at.parent;
      if (at === state || !(chart.statesById.has(target) || chart.historiesById.has(target))) continue;
      this.report.add(
        "SCXML_INVALID",
        initial.place,
        `"${state.id}" begins in "${target}", which is not inside it.`,
      );
    }
  }

  #refuseInvoke(element: XmlElement, state: ChartState): void {
    this.report.add(
      "SCXML_INVOKE",
      element.place,
      `State "${state.id}" invokes another machine, which is not converted.`,
      "Convert the other chart by itself, and start it with subMachine.",
    );
  }

  #leaveOut(element: XmlElement, where: string): void {
    const { name, place } = element;
    this.report.add("SCXML_LEFT_OUT", place, `<${name}> in ${where} means nothing here and is left out.`);
  }
}

function isState(element: XmlElement): boolean {
  return STATE_NAMES.some((name) => isScxml(element, name));
}

function collectIds(element: XmlElement, ids: Set<string>): void {
  const id = element.attributes.get("id");
  if (id !== undefined) ids.add(id);
  for (const child of element.children) collectIds(child, ids);
}

function words(text: string | undefined): string[] {
  return (text ?? "").split(/\s+/).filter((word) => word !== "");
}

function initialAttribute(element: XmlElement): ChartInitial | undefined {
  const targets = words(element.attributes.get("initial"));
  return targets.length === 0 ? undefined : { targets, content: [], place: element.place };
}

function initialFrom(transition: XmlElement): ChartInitial {
  const { attributes, children, place } = transition;
  return { targets: words(attributes.get("target")), content: children, place };
}

function defaultInitial(first: ChartState): ChartInitial {
  return { targets: [first.id], content: [], place: first.place };
}

function readTransition(element: XmlElement, source: ChartState): ChartTransition {
  const { attributes, children, place } = element;
  return {
    source,
    descriptors: words(attributes.get("event")),
    condition: attributes.get("cond"),
    targets: words(attributes.get("target")),
    isInternal: attributes.get("type") === "internal",
    content: children,
    place,
  };
}
