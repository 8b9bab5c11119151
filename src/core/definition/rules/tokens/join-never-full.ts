import type { TransitionEntry } from "../../survey/entries.js";
import type { Rule } from "../rule.js";
import { finding } from "../rule.js";
import { joinAnalyses } from "./join-analysis.js";
import type { NetNode, Place, TokenNet } from "./token-net.js";
import { placesOf, WaysTo, waysOf } from "./ways-to.js";

/** Of the incoming transitions of one join; all pairs of them are looked at. */
const MAX_COMPARED = 50;

/**
 * A join that waits for all can be full: for each two of its incoming transitions there is a fork (or another place where one
 * token becomes two) from which one way leads to the one and another way to the other. Two tokens have such a place where
 * their ways parted, so without it they are never there together, whatever else happens. Where all ways of the tokens can
 * be counted, that none of them fills the join is certain too.
 */
export const joinNeverFull: Rule = ({ survey }) =>
  joinAnalyses(survey).flatMap(({ join, net, neverFires, isComplete }) => {
    if (isComplete && !neverFires) return [];
    const { pointer, label, state } = join.state;
    const ways = new WaysTo(net);
    const used = ways.used();
    // What nothing comes to is told as unreachable.
    const incoming = join.incoming.filter((place) => used.has(place)).slice(0, MAX_COMPARED);
    const apart = pairs(incoming).find(([one, other]) => areApart(one, other, net, ways));
    if (apart === undefined && !neverFires) return [];
    const alternatives = apart === undefined ? undefined : nearestChoice(apart, join, net, ways);
    const sources =
      apart === undefined ? [] : apart.map((place) => sourceOf(place, join, survey.transitions));
    const ends = sources.length === 2 && sources[0] !== sources[1] ? `from ${quoted(sources)} ` : "";
    const reason =
      alternatives === undefined
        ? "no fork brings a token to each of its incoming transitions"
        : `the ways ${ends}to it are alternatives of "${alternatives.state.state.stateId}", which takes one of them only`;
    const other =
      alternatives === undefined ? "" : `, or "${alternatives.state.state.stateId}" a state of type fork`;
    return [
      finding("JOIN_NEVER_FULL", pointer, `${label} is a join that can never be full: ${reason}.`, {
        hint: `Make "${state.stateId}" an intermediate state${other}.`,
      }),
    ];
  });

function pairs(places: readonly Place[]): (readonly [Place, Place])[] {
  return places.flatMap((one, at) => places.slice(at + 1).map((other) => [one, other] as const));
}

/** True when no two tokens can have parted on their ways to the two places. */
function areApart(one: Place, other: Place, { nodes }: TokenNet, ways: WaysTo): boolean {
  for (const node of nodes.values()) {
    if (node.kind === "fork" && ways.differ(node.exits, one, other)) return false;
    for (const spawned of node.spawns) {
      // What stays behind may go any way of its state later, and bring yet another token about.
      const later = waysOf(node);
      if (ways.leads(spawned, one) && later.some((exit) => ways.leads(exit, other))) return false;
      if (ways.leads(spawned, other) && later.some((exit) => ways.leads(exit, one))) return false;
    }
  }
  return true;
}

/** The choice between the two ways that is nearest to the join. */
function nearestChoice(
  [one, other]: readonly [Place, Place],
  join: NetNode,
  net: TokenNet,
  ways: WaysTo,
): NetNode | undefined {
  const near = new Set<Place>(join.incoming);
  for (let size = -1; size !== near.size; ) {
    size = near.size;
    for (const [place, node] of net.nodes) {
      if (near.has(place) || !waysOf(node).some(({ to }) => near.has(to))) continue;
      if (node.kind !== "fork" && ways.differ(node.exits, one, other)) return node;
      for (const at of [place, ...placesOf(place, node)]) near.add(at);
    }
  }
  return undefined;
}

function sourceOf(place: Place, join: NetNode, transitions: readonly TransitionEntry[]): string {
  const transitionId = place.slice(join.state.state.stateId.length + 1);
  const entry = transitions.find(({ transition }) => transition.transitionId === transitionId);
  return entry?.sourceIds[0] ?? transitionId;
}

function quoted(ids: readonly string[]): string {
  return ids.map((id) => `"${id}"`).join(" and ");
}
