/**
 * Flows of forks and joins at random, as acyclic graphs that need not nest, with the token game that they stand for.
 *
 * 1. Nodes are numbered so that every edge leads to a higher number; 0 begins, the last one ends the scope.
 * 2. Node 3 is the task `t3`; before it stands the join `j3` where several edges come in, behind it the fork `f3` where
 *    several go out. A task goes on with the event `go-3`, and with `go`, which moves every task.
 * 3. Where edges have conditions, edge 3→5 holds when `data.c3_5` is true; the first one is the default.
 */
import fc from "fast-check";
import type { JsonObject } from "../../src/core/json/json.js";

export interface Flow {
  readonly nodes: number;
  readonly edges: readonly Edge[];
  readonly wait: "all" | "active";
  readonly hasConditions: boolean;
}

export interface Edge {
  readonly from: number;
  readonly to: number;
  /** Its condition holds, where it has one. */
  readonly isOpen: boolean;
}

export function generatedFlow(wait: Flow["wait"], hasConditions: boolean): fc.Arbitrary<Flow> {
  const pair = fc.tuple(fc.nat(6), fc.nat(6), fc.boolean());
  return fc
    .record({ nodes: fc.integer({ min: 2, max: 7 }), first: fc.array(fc.nat(6)), more: fc.array(pair) })
    .map(({ nodes, first, more }) => ({ nodes, wait, hasConditions, edges: edgesOf(nodes, first, more) }));
}

/** Every node but 0 has a way in, every node but the last a way out. */
function edgesOf(
  nodes: number,
  first: readonly number[],
  more: readonly (readonly [number, number, boolean])[],
): Edge[] {
  const edges = new Map<string, Edge>();
  const add = (from: number, to: number, isOpen: boolean) => edges.set(`${from}_${to}`, { from, to, isOpen });
  for (let to = 1; to < nodes; to += 1) add((first[to - 1] ?? 0) % to, to, to % 2 === 0);
  for (const [from, to, isOpen] of more) if (from < to && to < nodes) add(from, to, isOpen);
  for (let from = 0; from < nodes - 1; from += 1)
    if (![...edges.values()].some((edge) => edge.from === from)) add(from, nodes - 1, from % 2 === 0);
  return [...edges.values()].sort((one, other) => one.from - other.from || one.to - other.to);
}

export const goesOut = (flow: Flow, node: number) => flow.edges.filter((edge) => edge.from === node);
export const comesIn = (flow: Flow, node: number) => flow.edges.filter((edge) => edge.to === node);

/** What the conditions of the edges read. */
export function flowData(flow: Flow): JsonObject {
  return Object.fromEntries(flow.edges.map(({ from, to, isOpen }) => [`c${from}_${to}`, isOpen]));
}

/** The states and transitions of the flow; `tasks` adds to each task. It begins in `t0` and ends in `done`. */
export function flowScope(
  flow: Flow,
  begin: string,
  tasks: (node: number) => JsonObject = () => ({}),
): { states: JsonObject[]; transitions: JsonObject[] } {
  const states: JsonObject[] = [];
  const transitions: JsonObject[] = [];
  const entryOf = (node: number) => (comesIn(flow, node).length > 1 ? `j${node}` : `t${node}`);
  for (let node = 0; node < flow.nodes; node += 1) {
    const out = goesOut(flow, node);
    if (comesIn(flow, node).length > 1) {
      states.push({ stateId: `j${node}`, baseStateType: "join", wait: flow.wait });
      transitions.push({ transitionId: `join-${node}`, fromStateId: `j${node}`, toStateId: `t${node}` });
    }
    states.push({ stateId: `t${node}`, baseStateType: node === 0 ? begin : "task", ...tasks(node) });
    const next = out.length > 1 ? `f${node}` : (out[0] && entryOf(out[0].to)) || "done";
    transitions.push({
      transitionId: `go-${node}`,
      fromStateId: `t${node}`,
      toStateId: next,
      event: [`go-${node}`, "go"].map((eventId) => ({ eventId, trigger: "manual" })),
    });
    if (out.length < 2) continue;
    states.push({ stateId: `f${node}`, baseStateType: "fork" });
    for (const [at, { from, to }] of out.entries()) {
      const condition = at === 0 ? { default: true } : { condition: `data.c${from}_${to} === true` };
      transitions.push({
        transitionId: `edge-${from}-${to}`,
        fromStateId: `f${node}`,
        toStateId: entryOf(to),
        ...(flow.hasConditions ? condition : {}),
      });
    }
  }
  states.push({ stateId: "done", baseStateType: "final" });
  return { states, transitions };
}

/** The flow as a game of tokens: on tasks, and on edges into joins that wait. */
export class TokenGame {
  readonly #flow: Flow;
  readonly tasks = new Set<number>([0]);
  readonly waiting = new Map<number, Set<number>>();
  isOver = false;
  /** How often each task was begun. */
  readonly begun: number[];

  constructor(flow: Flow) {
    this.#flow = flow;
    this.begun = Array.from({ length: flow.nodes }, (_, node) => (node === 0 ? 1 : 0));
  }

  /** The states of the tokens, sorted. */
  get marking(): string[] {
    const joins = [...this.waiting].flatMap(([node, from]) => [...from].map(() => `j${node}`));
    return [...[...this.tasks].map((node) => `t${node}`), ...joins, ...(this.isOver ? ["done"] : [])].sort();
  }

  /** Moves those of the given tasks that have a token, all at once. */
  go(nodes: readonly number[]): void {
    const moving = nodes.filter((node) => this.tasks.delete(node));
    for (const node of moving) {
      if (node === this.#flow.nodes - 1) this.isOver = true;
      for (const edge of this.#taken(node)) this.#arrive(edge);
    }
    if (this.#flow.wait === "active") while (this.#joinActive());
  }

  /** The joins that have some token and can get no other one: all that could still come waits at joins itself. */
  get stuck(): number[] {
    return [...this.waiting.keys()].filter(
      (node) => ![...this.tasks].some((from) => this.#leadsTo(from, node)),
    );
  }

  #taken(node: number): readonly Edge[] {
    const out = goesOut(this.#flow, node);
    if (!this.#flow.hasConditions || out.length < 2) return out;
    const open = out.slice(1).filter((edge) => edge.isOpen);
    return open.length > 0 ? open : out.slice(0, 1);
  }

  #arrive({ from, to }: Edge): void {
    const incoming = comesIn(this.#flow, to);
    if (incoming.length < 2) {
      this.#begin(to);
      return;
    }
    const arrived = this.waiting.get(to) ?? new Set();
    this.waiting.set(to, arrived.add(from));
    if (this.#flow.wait === "all" && arrived.size === incoming.length) this.#begin(to);
  }

  #begin(node: number): void {
    this.waiting.delete(node);
    this.tasks.add(node);
    this.begun[node] = (this.begun[node] ?? 0) + 1;
  }

  #joinActive(): boolean {
    const ready = [...this.waiting.keys()].find((node) => !this.#canBeReached(node));
    if (ready !== undefined) this.#begin(ready);
    return ready !== undefined;
  }

  #canBeReached(node: number): boolean {
    const elsewhere = [...this.tasks, ...[...this.waiting.keys()].filter((other) => other !== node)];
    return elsewhere.some((from) => this.#leadsTo(from, node));
  }

  #leadsTo(from: number, node: number): boolean {
    return goesOut(this.#flow, from).some(({ to }) => to === node || this.#leadsTo(to, node));
  }
}
