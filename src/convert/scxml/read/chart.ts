/** A chart as it was written, read into states and transitions. Executable content stays XML until it is mapped. */
import type { Place } from "../report.js";
import type { XmlElement } from "./xml-element.js";

export interface ChartState {
  readonly kind: "atomic" | "compound" | "parallel" | "final";
  /** As written, or made where none was written. */
  readonly id: string;
  readonly place: Place;
  /** Undefined at the top. */
  readonly parent: ChartState | undefined;
  /** States inside, in document order, without histories. */
  readonly children: readonly ChartState[];
  /** Where a compound state begins; undefined for every other kind. */
  readonly initial: ChartInitial | undefined;
  readonly transitions: readonly ChartTransition[];
  /** Blocks of executable content; an error in one skips the rest of that one alone. */
  readonly entry: readonly XmlElement[];
  readonly exit: readonly XmlElement[];
  readonly data: readonly XmlElement[];
  readonly doneData: XmlElement | undefined;
}

export interface ChartHistory {
  readonly id: string;
  readonly depth: "shallow" | "deep";
  readonly owner: ChartState;
  readonly place: Place;
  /** Where it leads while nothing is remembered; undefined: as its owner begins. */
  readonly fallback: ChartInitial | undefined;
}

/** The way into a scope: its targets, and what is executed on the way. */
export interface ChartInitial {
  readonly targets: readonly string[];
  readonly content: readonly XmlElement[];
  readonly place: Place;
}

export interface ChartTransition {
  readonly source: ChartState;
  /** Event descriptors; empty for a transition that needs no event. */
  readonly descriptors: readonly string[];
  readonly condition: string | undefined;
  readonly targets: readonly string[];
  readonly isInternal: boolean;
  readonly content: readonly XmlElement[];
  readonly place: Place;
}

export interface Chart {
  readonly name: string | undefined;
  readonly place: Place;
  readonly bindsLate: boolean;
  readonly states: readonly ChartState[];
  readonly initial: ChartInitial;
  /** Every state by its id, outer ones before those inside, in document order. */
  readonly statesById: ReadonlyMap<string, ChartState>;
  readonly historiesById: ReadonlyMap<string, ChartHistory>;
  /** Data and scripts that stand in the chart itself. */
  readonly data: readonly XmlElement[];
  readonly scripts: readonly XmlElement[];
}

/** The states around one, the innermost first. */
export function ancestorsOf(state: ChartState): ChartState[] {
  const ancestors: ChartState[] = [];
  for (let at = state.parent; at !== undefined; at = at.parent) ancestors.push(at);
  return ancestors;
}

export function isInside(state: ChartState, outer: ChartState): boolean {
  return ancestorsOf(state).includes(outer);
}
