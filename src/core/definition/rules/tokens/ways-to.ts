/** Which ways of a net lead to a place, whatever else happens. */
import type { Exit, NetNode, Place, TokenNet } from "./token-net.js";

export class WaysTo {
  readonly #net: TokenNet;
  readonly #nodeAt = new Map<Place, NetNode>();
  /** By place: the nodes with a way to it. */
  readonly #before = new Map<Place, NetNode[]>();
  readonly #leading = new Map<Place, ReadonlySet<Place>>();

  constructor(net: TokenNet) {
    this.#net = net;
    for (const [place, node] of net.nodes) {
      for (const at of placesOf(place, node)) this.#nodeAt.set(at, node);
      for (const { to } of waysOf(node)) this.#before.set(to, [...(this.#before.get(to) ?? []), node]);
    }
  }

  /** The places that tokens come to from where the scope begins. */
  used(): ReadonlySet<Place> {
    const places = new Set(this.#net.starts.map(({ place }) => place));
    for (const place of places) {
      const node = this.#nodeAt.get(place);
      for (const { to } of node === undefined ? [] : waysOf(node)) places.add(to);
    }
    return places;
  }

  leads(exit: Exit, place: Place): boolean {
    return this.#leadingTo(place).has(exit.to);
  }

  /** True when some of the ways leads to the one place and another of them to the other. */
  differ(exits: readonly Exit[], one: Place, other: Place): boolean {
    const first = exits.filter((exit) => this.leads(exit, one));
    const second = exits.filter((exit) => this.leads(exit, other));
    if (first.length === 0 || second.length === 0) return false;
    return first.length > 1 || second.length > 1 || first[0] !== second[0];
  }

  #leadingTo(place: Place): ReadonlySet<Place> {
    const known = this.#leading.get(place);
    if (known !== undefined) return known;
    const found = new Set([place]);
    for (const at of found) {
      for (const node of this.#before.get(at) ?? [])
        for (const from of placesOf(node.state.state.stateId, node)) found.add(from);
    }
    this.#leading.set(place, found);
    return found;
  }
}

export function waysOf({ exits, spawns }: NetNode): readonly Exit[] {
  return [...exits, ...spawns];
}

/** Where the tokens of a node are. */
export function placesOf(place: Place, { kind, incoming }: NetNode): readonly Place[] {
  return kind === "join" ? incoming : [place];
}
