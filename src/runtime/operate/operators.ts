/** What operators ask of many instances at once; the same for a running engine and, as far as nothing is changed, for a reader. */
import type { Clock } from "../../ports/clock.js";
import type { Faults } from "../../ports/faults.js";
import type { Ids } from "../../ports/ids.js";
import type { Store } from "../../ports/store.js";
import type { Machines } from "../machines.js";
import {
  findIncidents,
  groupIncidents,
  type IncidentFilter,
  type IncidentGroup,
  type IncidentPlace,
  type ListedIncident,
} from "./find-incidents.js";
import { type InstanceFilter, type InstanceLists, InstanceSearch } from "./instance-filter.js";
import { type OperateAllRequest, type OperateOutcome, operateAll } from "./operate-all.js";
import type { OperatorDraft } from "./operator-acts.js";

export interface OperatorPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly faults: Faults;
}

export class Operators {
  constructor(
    private readonly ports: OperatorPorts,
    private readonly machines: Machines,
  ) {}

  operate(
    request: OperateAllRequest,
    perform: (instanceId: string, draft: OperatorDraft) => Promise<unknown>,
  ): Promise<OperateOutcome> {
    const { faults } = this.ports;
    const world = { lists: this.#lists, machines: this.machines, ...this.#world(), faults, perform };
    return operateAll(world, request);
  }

  search(filter: InstanceFilter): InstanceSearch {
    return new InstanceSearch(this.#lists, filter, this.#world());
  }

  /** By the time of opening, then instance, then incident; from after a place in that order. */
  incidents(
    filter: IncidentFilter,
    limit: number,
    after?: IncidentPlace,
  ): Promise<readonly ListedIncident[]> {
    return findIncidents(this.#lists, filter, limit, after);
  }

  async incidentGroups(filter: IncidentFilter): Promise<readonly IncidentGroup[]> {
    return groupIncidents(await findIncidents(this.#lists, filter, Number.POSITIVE_INFINITY));
  }

  get #lists(): InstanceLists {
    const { store } = this.ports;
    return {
      instances: (query) => store.listInstances(query),
      load: (instanceIds) => store.loadInstances(instanceIds),
      incidents: (query) => store.listIncidents(query),
    };
  }

  #world() {
    const { clock, ids } = this.ports;
    return { nowMs: clock.now(), uuid: () => ids.uuid() };
  }
}
