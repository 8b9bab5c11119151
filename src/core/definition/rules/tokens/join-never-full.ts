import type { TransitionEntry } from "../../survey/entries.js";
import type { Rule } from "../rule.js";
import { finding } from "../rule.js";
import { joinAnalyses } from "./join-analysis.js";
import type { Exit, NetNode, Place, TokenNet } from "./token-net.js";

/**
 * A join that waits for all can be full: for each two of its incoming transitions there is a fork (or another place where one
 * token becomes two) from which one way leads to the one and another way to the other. Two tokens have such a place where
 * their ways parted, so without it they are never there together, whatever else happens. Where all ways of the tokens can
 * be counted, that none of them fills the join is certain too.
 */
export const joinNeverFull: Rule = ({ survey }) =>
  joinAnalyses(survey).flatMap(({ join, net, neverFires }) => {
    const { pointer, label, state } = join.state;
    const reaching = reachOf(net);
    const used = placesAfter(
      net.starts.map(({ place }) => place),
      nodesByPlace(net),
    );
    const apart = pairs(join.incoming).find(([one, other]) => {
      // What nothing comes to is told as unreachable.
      return used.has(one) && used.has(other) && !partsTo(one, other, net, reaching);
    });
    if (apart === undefined && !neverFires) return [];
    const alternatives = apart === undefined ? undefined : nearestChoice(apart, join, net, reaching);
    const sources =
      apart === undefined ? [] : apart.map((place) => sourceOf(place, join, survey.transitions));
    const ways = sources.length === 2 && sources[0] !== sources[1] ? `from ${quoted(sources)} ` : "";
    const reason =
      alternatives === undefined
        ? "no fork brings a token to each of its incoming transitions"
        : `the ways ${ways}to it are alternatives of "${alternatives.state.state.stateId}", which takes one of them only`;
    const other =
      alternatives === undefined ? "" : `, or "${alternatives.state.state.stateId}" a state of type fork`;
    return [
      finding("JOIN_NEVER_FULL", pointer, `${label} is a join that can never be full: ${reason}.`, {
        hint: `Make "${state.stateId}" an intermediate state${other}.`,
      }),
    ];
  });

type Reach = ReadonlyMap<Exit, ReadonlySet<Place>>;

/** By way: the places that it leads to. */
function reachOf(net: TokenNet): Reach {
  const nodeAt = nodesByPlace(net);
  const exits = [...net.nodes.values()].flatMap(waysOf);
  return new Map(exits.map((exit) => [exit, placesAfter([exit.to], nodeAt)]));
}

function nodesByPlace({ nodes }: TokenNet): ReadonlyMap<Place, NetNode> {
  const nodeAt = new Map<Place, NetNode>();
  for (const [place, node] of nodes) {
    for (const at of node.kind === "join" ? node.incoming : [place]) nodeAt.set(at, node);
  }
  return nodeAt;
}

function placesAfter(from: readonly Place[], nodeAt: ReadonlyMap<Place, NetNode>): ReadonlySet<Place> {
  const places = new Set(from);
  for (const place of places) {
    const node = nodeAt.get(place);
    for (const { to } of node === undefined ? [] : waysOf(node)) places.add(to);
  }
  return places;
}

function waysOf({ exits, spawns }: NetNode): readonly Exit[] {
  return [...exits, ...spawns];
}

function pairs(places: readonly Place[]): (readonly [Place, Place])[] {
  return places.flatMap((one, at) => places.slice(at + 1).map((other) => [one, other] as const));
}

function partsTo(one: Place, other: Place, { nodes }: TokenNet, reach: Reach): boolean {
  const leadsTo = (exit: Exit, place: Place) => reach.get(exit)?.has(place) === true;
  const leadTo = (exits: readonly Exit[], first: Place, second: Place) =>
    exits.some(
      (exit) => leadsTo(exit, first) && exits.some((more) => more !== exit && leadsTo(more, second)),
    );
  return [...nodes.values()].some((node) => {
    if (node.kind === "fork" && leadTo(node.exits, one, other)) return true;
    // What stays behind may go any way of its state later, and bring yet another token about.
    return node.spawns.some((spawned) =>
      [
        [one, other],
        [other, one],
      ].some(([first = one, second = other]) => {
        return leadsTo(spawned, first) && waysOf(node).some((later) => leadsTo(later, second));
      }),
    );
  });
}

/** The choice between the two ways that is nearest to the join. */
function nearestChoice(
  [one, other]: readonly [Place, Place],
  join: NetNode,
  net: TokenNet,
  reach: Reach,
): NetNode | undefined {
  const near = new Set<Place>(join.incoming);
  for (let size = -1; size !== near.size; ) {
    size = near.size;
    for (const [place, node] of net.nodes) {
      if (near.has(place) || !waysOf(node).some(({ to }) => near.has(to))) continue;
      const leads = (to: Place) => node.exits.filter((exit) => reach.get(exit)?.has(to) === true);
      const isChoice =
        node.kind !== "fork" && leads(one).some((exit) => leads(other).some((more) => more !== exit));
      if (isChoice) return node;
      for (const at of node.kind === "join" ? [...node.incoming, place] : [place]) near.add(at);
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
