/** What becomes of the joins of a scope that wait for all. */
import type { ScopeEntry } from "../../survey/entries.js";
import type { DefinitionSurvey } from "../../survey/survey.js";
import { ENDED, type NetNode, type TokenNet, tokenNet } from "./token-net.js";
import { runTokens, type Step, type TokenRun } from "./token-run.js";

export interface JoinAnalysis {
  readonly join: NetNode;
  readonly net: TokenNet;
  /** True when every way that tokens can go was looked at. */
  readonly isComplete: boolean;
  /** True when that is so and the join never went on, though tokens came to it. */
  readonly neverFires: boolean;
  /** Steps after which a token waits in vain at the join, or will. */
  readonly losses: readonly Step[];
  /** The states, of several in which the scope may be entered, from which the join is never full. */
  readonly vainStarts: readonly string[];
}

const analyses = new WeakMap<DefinitionSurvey, readonly JoinAnalysis[]>();

/** The analyses of all joins that wait for all of several transitions, in document order; made once. */
export function joinAnalyses(survey: DefinitionSurvey): readonly JoinAnalysis[] {
  const known = analyses.get(survey);
  if (known !== undefined) return known;
  const made = survey.scopes.filter(hasFullJoin).flatMap((scope) => analysesOf(scope, survey));
  analyses.set(survey, made);
  return made;
}

function hasFullJoin({ states }: ScopeEntry): boolean {
  return states.some(({ state }) => state.baseStateType === "join" && state.wait !== "active");
}

function analysesOf(scope: ScopeEntry, survey: DefinitionSurvey): JoinAnalysis[] {
  const net = tokenNet(scope, survey);
  // Who can come from outside could bring what is missing.
  if (net.isOpen || net.starts.length === 0) return [];
  const run = runTokens(net);
  return [...net.nodes.values()]
    .filter(({ kind, state, incoming }) => {
      return kind === "join" && state.state.wait !== "active" && incoming.length > 1;
    })
    .map((join) => analyse(join, net, run));
}

function analyse(join: NetNode, net: TokenNet, run: TokenRun): JoinAnalysis {
  const fires = new Set<number>();
  const alive = new Set<number>();
  const occupied = new Set<number>();
  for (const [at, { tokens, steps, isCut }] of run.markings.entries()) {
    if (steps.some(({ node }) => node === join)) fires.add(at);
    if (fires.has(at) || isCut || tokens.has(ENDED)) alive.add(at);
    if (join.incoming.some((place) => tokens.has(place))) occupied.add(at);
  }
  const before = stepsBackwards(run);
  const canGoOn = leadingTo(before, alive);
  const comesTo = leadingTo(before, occupied);
  const isVain = (at: number) => !canGoOn.has(at) && comesTo.has(at);
  const vainStarts = net.starts.filter((_, at) => isVain(run.starts[at] ?? -1));
  return {
    join,
    net,
    isComplete: run.isComplete,
    neverFires: run.isComplete && fires.size === 0 && occupied.size > 0,
    losses: run.markings.flatMap(({ steps }, at) =>
      canGoOn.has(at) ? steps.filter(({ to }) => isVain(to)) : [],
    ),
    vainStarts: vainStarts.map(({ stateId }) => stateId),
  };
}

function stepsBackwards({ markings }: TokenRun): ReadonlyMap<number, readonly number[]> {
  const before = new Map<number, number[]>();
  for (const [at, { steps }] of markings.entries()) {
    for (const { to } of steps) {
      const list = before.get(to);
      if (list === undefined) before.set(to, [at]);
      else list.push(at);
    }
  }
  return before;
}

function leadingTo(
  before: ReadonlyMap<number, readonly number[]>,
  ends: ReadonlySet<number>,
): ReadonlySet<number> {
  const found = new Set(ends);
  for (const at of found) for (const earlier of before.get(at) ?? []) found.add(earlier);
  return found;
}
