/**
 * Targets: where a transition of the chart leads, said with one target.
 *
 * 1. A history becomes a state inside its owner: the state it falls back to, where that is a plain child, else a
 *    decision that leads there. Either is the target with `history`, so that what is remembered goes before it.
 * 2. Several targets lie in regions of one parallel state. That state becomes the target, and each region begins with a
 *    decision that knows by a property of the data where to go this time.
 */
import type { JsonObject } from "../../../core/json/json.js";
import { ActionList } from "../content/action-list.js";
import { execute } from "../content/execute.js";
import type { Conversion, Transition } from "../conversion.js";
import { ancestorsOf, type ChartHistory, type ChartState } from "../read/chart.js";
import type { Place } from "../report.js";
import { regionScope, type Scopes } from "./scopes.js";

export interface Landing {
  readonly toStateId: string;
  readonly history: "shallow" | "deep" | undefined;
  /** Properties to set on the way. */
  readonly assigns: JsonObject;
  /** The state of the chart that is the target, or holds it. */
  readonly state: ChartState;
  /** True when the target lies inside `state`. */
  readonly isInside: boolean;
}

interface Selector {
  readonly property: string;
  readonly targets: Set<string>;
}

export class Landings {
  readonly #histories = new Map<string, string>();
  readonly #selectors = new Map<ChartState, Selector>();

  constructor(
    private readonly conversion: Conversion,
    private readonly scopes: Scopes,
    private readonly idOf: (state: ChartState) => string,
  ) {}

  /** `undefined`, with a finding, where it cannot be said. */
  of(targets: readonly string[], place: Place): Landing | undefined {
    const [only] = targets;
    if (targets.length !== 1 || only === undefined) return this.#several(targets, place);
    const { chart } = this.conversion;
    const state = chart.statesById.get(only);
    if (state !== undefined) {
      return { toStateId: this.idOf(state), history: undefined, assigns: {}, state, isInside: false };
    }
    const history = chart.historiesById.get(only);
    return history === undefined ? undefined : this.#history(history);
  }

  /** Makes the decision with which a region begins; gives its id, or `undefined` where the region needs none. */
  finishRegion(child: ChartState): string | undefined {
    const selector = this.#selectors.get(child);
    if (selector === undefined) return undefined;
    const { stateIds } = this.conversion;
    const scope = regionScope(child);
    const stateId = stateIds.unique(`${this.idOf(child)}.choice`);
    this.scopes.addState(scope, { stateId, baseStateType: "decision" });
    for (const target of selector.targets) {
      const landing = this.of([target], child.place);
      if (landing === undefined) continue;
      const forget = new ActionList(this.conversion, `${stateId}.${target}`);
      forget.assign({ [selector.property]: null, ...landing.assigns }, []);
      this.scopes.addTransition(scope, {
        ...this.leg(stateId, landing),
        condition: `data.${selector.property} === ${JSON.stringify(target)}`,
        actions: forget.actions,
      });
    }
    this.scopes.addTransition(scope, {
      transitionId: this.conversion.transitionIds.unique(`${stateId}.default`),
      fromStateId: stateId,
      toStateId: this.idOf(child),
      default: true,
    });
    return stateId;
  }

  /** A transition without event and condition, from a state that is made here. */
  leg(fromStateId: string, { toStateId, history }: Landing): Transition {
    const transitionId = this.conversion.transitionIds.unique(`${fromStateId}.to.${toStateId}`);
    const transition: Transition = { transitionId, fromStateId, toStateId };
    return history === undefined ? transition : { ...transition, history };
  }

  #history(history: ChartHistory): Landing | undefined {
    const { owner, fallback, depth, place } = history;
    const { chart, report } = this.conversion;
    const inside = { history: depth, assigns: {}, state: owner, isInside: true };
    if (owner.kind === "parallel") {
      const begins = (fallback?.targets ?? []).every(
        (target) => chart.statesById.get(target)?.parent === owner,
      );
      if (begins && (fallback?.content ?? []).length === 0) {
        return { ...inside, toStateId: this.idOf(owner), isInside: false };
      }
      report.add(
        "SCXML_HISTORY",
        place,
        `The history "${history.id}" of the parallel state "${owner.id}" does not fall back to where that begins.`,
        "Let it lead to the states inside it, without executable content.",
      );
      return undefined;
    }
    if (owner.kind !== "compound") return undefined;
    const [target] = fallback?.targets ?? [];
    const child = fallback?.targets.length === 1 ? chart.statesById.get(target ?? "") : undefined;
    if (child?.parent === owner && child.kind === "atomic" && fallback?.content.length === 0) {
      return { ...inside, toStateId: this.idOf(child) };
    }
    const toStateId = this.#histories.get(history.id) ?? this.#makeHistory(history);
    return toStateId === undefined ? undefined : { ...inside, toStateId };
  }

  #makeHistory({ id, owner, fallback, place }: ChartHistory): string | undefined {
    const way = fallback ?? owner.initial;
    const stateId = this.conversion.stateIds.unique(id);
    this.#histories.set(id, stateId);
    const landing = way === undefined ? undefined : this.of(way.targets, place);
    if (landing === undefined) return undefined;
    const list = new ActionList(this.conversion, stateId);
    execute(list, way?.content ?? [], []);
    if (Object.keys(landing.assigns).length > 0) list.assign(landing.assigns, []);
    this.scopes.addState(owner.id, { stateId, baseStateType: "decision" });
    const leg = this.leg(stateId, landing);
    this.scopes.addTransition(owner.id, list.actions.length === 0 ? leg : { ...leg, actions: list.actions });
    return stateId;
  }

  #several(targets: readonly string[], place: Place): Landing | undefined {
    const paths = targets.flatMap((target) => {
      const path = this.#pathTo(target);
      return path === undefined ? [] : [{ target, path }];
    });
    const [first] = paths;
    if (first === undefined) return undefined;
    const holder = first.path.find((outer) => paths.every(({ path }) => path.includes(outer)));
    if (holder?.kind !== "parallel") {
      this.conversion.report.add(
        "SCXML_SEVERAL_TARGETS",
        place,
        `The targets ${targets.join(" and ")} do not lie in different parts of one parallel state.`,
      );
      return undefined;
    }
    const assigns: { [property: string]: string } = {};
    for (const child of holder.children) {
      const inside = paths.filter(({ target, path }) => target === child.id || path.includes(child));
      if (inside.length === 0 || (inside.length === 1 && inside[0]?.target === child.id)) continue;
      const landing =
        inside.length === 1
          ? undefined
          : this.#several(
              inside.map(({ target }) => target),
              place,
            );
      const target = inside.length === 1 ? inside[0]?.target : landing?.state.id;
      if (target === undefined) return undefined;
      const selector = this.#selectorOf(child);
      selector.targets.add(target);
      Object.assign(assigns, { [selector.property]: target }, landing?.assigns);
    }
    return { toStateId: this.idOf(holder), history: undefined, assigns, state: holder, isInside: false };
  }

  /** The states around a target, the innermost first. */
  #pathTo(target: string): ChartState[] | undefined {
    const { chart } = this.conversion;
    const state = chart.statesById.get(target);
    if (state !== undefined) return ancestorsOf(state);
    const owner = chart.historiesById.get(target)?.owner;
    return owner === undefined ? undefined : [owner, ...ancestorsOf(owner)];
  }

  #selectorOf(child: ChartState): Selector {
    const known = this.#selectors.get(child);
    if (known !== undefined) return known;
    const property = this.conversion.properties.unique(
      `enter_${child.id.replace(/[^\p{ID_Continue}]/gu, "_")}`,
    );
    const selector = { property, targets: new Set<string>() };
    this.#selectors.set(child, selector);
    return selector;
  }
}
