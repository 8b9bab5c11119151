/**
 * What all published versions receive from outside. Instances run on old versions too, so all of them are looked at; new
 * instances start on the newest alone. What a version receives never changes, so it is found out once and kept.
 */
import { StatewrightError } from "../../core/errors.js";
import { compareRoutes, matchHookPath } from "../../core/inbound/hook-path.js";
import type { Receiver } from "../../core/inbound/inbound-model.js";
import type { JsonObject } from "../../core/json/json.js";
import type { PublishedVersion, Store } from "../../ports/store.js";
import type { Machines } from "../machines.js";

export interface PlacedReceiver extends PublishedVersion {
  readonly receiver: Receiver;
  /** The values of the path's variables. */
  readonly params: JsonObject;
}

export class Receivers {
  readonly #known = new Map<string, readonly Receiver[]>();

  constructor(
    private readonly store: Pick<Store, "listVersions">,
    private readonly machines: Machines,
  ) {}

  /** Of the most literal route that takes the path, by machine id, then version, then document order. */
  async at(segments: readonly string[]): Promise<readonly PlacedReceiver[]> {
    const placed: PlacedReceiver[] = [];
    const versions = await this.store.listVersions();
    const newest = new Map(versions.map(({ stateMachineId, version }) => [stateMachineId, version]));
    for (const published of versions) {
      for (const receiver of await this.#of(published)) {
        const params = matchHookPath(receiver.inbound.path, segments);
        const isOld = newest.get(published.stateMachineId) !== published.version;
        if (params === undefined || (receiver.kind === "start" && isOld)) continue;
        placed.push({ ...published, receiver, params });
      }
    }
    const [route] = placed.map(routeOf).toSorted(compareRoutes);
    return placed.filter((each) => routeOf(each) === route);
  }

  async #of({ stateMachineId, version }: PublishedVersion): Promise<readonly Receiver[]> {
    const name = `${stateMachineId}@${version}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    try {
      const { receives } = await this.machines.load(stateMachineId, version);
      this.#known.set(name, receives);
      return receives;
    } catch (error) {
      // One that cannot be read stands in nobody's way.
      if (error instanceof StatewrightError && error.code === "STORE_DAMAGED") return [];
      throw error;
    }
  }
}

export function routeOf({ receiver }: Pick<PlacedReceiver, "receiver">): string {
  return receiver.inbound.path.route;
}
