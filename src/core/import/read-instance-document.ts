/**
 * Reads an instance document: this project's own shape (`startTime`, `data`, `history`, also as the mirrored files have it)
 * and the older one with `startedAt`, `consolidatedData` and `stateHistory`, whose entries may name the file that holds a
 * state's data (`dataRef`).
 *
 * 1. Pure: the files of the `dataRef`s are given, by their name in the document.
 * 2. What is wrong in a document that can still be read is told in `faults`, all of it; what cannot be read at all
 *    (no id, no machine, no state) is refused.
 * 3. A state's own data beats the consolidated data; in the own shape `data` is the instance's present data, and only
 *    what stands in the present state beats it.
 */
import { formatInstant, parseInstant } from "../instant.js";
import { isJsonObject, type Json, type JsonObject } from "../json/json.js";
import type { ImportCommand } from "../message/command.js";
import type { ActionRecord, ActionStatus, InstanceStatus, Visit } from "../model/snapshot.js";

export interface ImportFault {
  readonly path: string;
  readonly message: string;
}

/** What an import needs to know, without who imports it. */
export interface ImportedInstance extends Omit<ImportCommand, "type" | "actor" | "source" | "random"> {
  readonly stateMachineId: string;
  /** Absent where the document names none: the newest one then. */
  readonly version?: number;
}

export type ReadInstance =
  | { readonly ok: true; readonly instance: ImportedInstance }
  | { readonly ok: false; readonly faults: readonly ImportFault[] };

const STATUSES: readonly string[] = ["active", "suspended", "completed", "error", "cancelled"];
const ACTION_STATUSES: readonly string[] = [
  "pending",
  "in-progress",
  "completed",
  "failed",
  "skipped",
  "cancelled",
];

/** The `dataRef`s of the document, each once, in their order. */
export function dataRefsOf(document: Json): readonly string[] {
  if (!isJsonObject(document) || !Array.isArray(document.stateHistory)) return [];
  const refs = document.stateHistory.flatMap((entry: Json) =>
    isJsonObject(entry) && typeof entry.dataRef === "string" ? [entry.dataRef] : [],
  );
  return [...new Set(refs)];
}

/** `files`: what the `dataRef`s lead to; one that is not there leads nowhere, which is a fault. */
export function readInstanceDocument(
  document: Json,
  files: ReadonlyMap<string, Json> = new Map(),
): ReadInstance {
  if (!isJsonObject(document)) return refused("", "An instance document is a JSON object.");
  const missing = ["instanceId", "stateMachineId", "currentState"].filter(
    (name) => typeof document[name] !== "string" || document[name] === "",
  );
  if (missing.length > 0) {
    return {
      ok: false,
      faults: missing.map((name) => ({ path: `/${name}`, message: `"${name}" is missing.` })),
    };
  }
  return { ok: true, instance: new DocumentReader(document, files).read() };
}

class DocumentReader {
  readonly #faults: ImportFault[] = [];
  readonly #isOwnShape: boolean;

  constructor(
    private readonly document: JsonObject,
    private readonly files: ReadonlyMap<string, Json>,
  ) {
    this.#isOwnShape = !Object.hasOwn(document, "stateHistory");
  }

  read(): ImportedInstance {
    const { instanceId, stateMachineId, currentState, version, reason } = this.document;
    const startedAt = this.#instant(this.#isOwnShape ? "startTime" : "startedAt", this.document, "");
    const updatedAt = this.#instant("lastUpdated", this.document, "");
    const begunAt = startedAt ?? updatedAt ?? formatInstant(0);
    const entries = this.#entries(begunAt);
    const visits = this.#withPresent(entries, String(currentState), updatedAt ?? begunAt);
    const data = this.#instanceData(visits);
    const status = this.#status();
    this.#checkPlaces();
    return {
      instanceId: String(instanceId),
      stateMachineId: String(stateMachineId),
      ...(typeof version === "number" ? { version } : {}),
      ...(status === undefined ? {} : { status }),
      ...(typeof reason === "string" ? { reason } : {}),
      startedAt: begunAt,
      data,
      variables: this.#object("variables"),
      visits: this.#closed(visits.map((visit) => ({ ...visit, data: visit.data ?? data }))),
      faults: this.#faults,
    };
  }

  #status(): InstanceStatus | undefined {
    const { status } = this.document;
    if (status === undefined) return undefined;
    if (typeof status === "string" && STATUSES.includes(status)) return status as InstanceStatus;
    this.#fault("/status", `"status" is none of ${STATUSES.join(", ")}.`);
    return undefined;
  }

  /** An instance begins in one place: what was elsewhere must not get lost unseen. */
  #checkPlaces(): void {
    const { activeStates } = this.document;
    if (!Array.isArray(activeStates) || activeStates.length < 2) return;
    const states = activeStates.map((state) => `"${String(state)}"`).join(", ");
    this.#fault(
      "/activeStates",
      `It was in several states at once (${states}); it is imported into the first alone.`,
    );
  }

  #entries(begunAt: string): Visit[] {
    const name = this.#isOwnShape ? "history" : "stateHistory";
    const list = this.document[name];
    if (list === undefined) return [];
    if (!Array.isArray(list)) {
      this.#fault(`/${name}`, `"${name}" is not a list.`);
      return [];
    }
    return list.flatMap((entry: Json, index: number) => {
      const place = `/${name}/${index}`;
      const state = isJsonObject(entry) ? (entry.state ?? entry.stateId) : undefined;
      if (!isJsonObject(entry) || typeof state !== "string") {
        this.#fault(place, `Entry ${index} of "${name}" names no state.`);
        return [];
      }
      return [this.#visit(entry, state, place, begunAt)];
    });
  }

  #visit(entry: JsonObject, state: string, place: string, begunAt: string): Visit {
    const file = this.#file(entry, place);
    const enteredAt = this.#instant("enteredAt", entry, place) ?? begunAt;
    const exitedAt = entry.exitedAt === undefined ? undefined : this.#instant("exitedAt", entry, place);
    const data = entry.data ?? file?.data;
    const actions = entry.actions ?? file?.actions;
    return {
      ordinal: 0,
      state,
      enteredAt,
      ...(exitedAt === undefined ? {} : { exitedAt }),
      ...(isJsonObject(data) ? { data } : {}),
      ...(typeof entry.transitionId === "string" ? { transitionId: entry.transitionId } : {}),
      ...(typeof entry.event === "string" ? { event: entry.event } : {}),
      actor: typeof entry.actor === "string" ? entry.actor : "import",
      actions: Array.isArray(actions)
        ? actions.flatMap((action: Json, index) =>
            this.#action(action, `${place}/actions/${index}`, enteredAt),
          )
        : [],
    };
  }

  /** What the `dataRef` leads to; a file that tells of another instance or state is not it. */
  #file(entry: JsonObject, place: string): JsonObject | undefined {
    const { dataRef } = entry;
    if (typeof dataRef !== "string") return undefined;
    const file = this.files.get(dataRef);
    const path = `${place}/dataRef`;
    if (!isJsonObject(file)) {
      this.#fault(path, `"${dataRef}" is not there, neither as given nor beside the document.`);
      return undefined;
    }
    const { instanceId } = file;
    if (instanceId !== undefined && instanceId !== this.document.instanceId) {
      this.#fault(path, `"${dataRef}" belongs to instance "${String(instanceId)}".`);
      return undefined;
    }
    return file;
  }

  #action(action: Json, place: string, enteredAt: string): ActionRecord[] {
    if (!isJsonObject(action) || typeof action.actionId !== "string") {
      this.#fault(place, "The action has no id.");
      return [];
    }
    const { actionId, phase, status, tries, result, error, timedOut } = action;
    if (typeof status !== "string" || !ACTION_STATUSES.includes(status)) {
      this.#fault(
        `${place}/status`,
        `Action "${actionId}": "status" is none of ${ACTION_STATUSES.join(", ")}.`,
      );
      return [];
    }
    const completedAt =
      action.completedAt === undefined ? undefined : this.#instant("completedAt", action, place);
    return [
      {
        actionId,
        phase: phase === "exit" || phase === "transition" ? phase : "entry",
        status: status as ActionStatus,
        startedAt: this.#instant("startedAt", action, place) ?? enteredAt,
        ...(completedAt === undefined ? {} : { completedAt }),
        tries: typeof tries === "number" ? tries : 1,
        ...(result === undefined ? {} : { result }),
        ...(isJsonObject(error)
          ? { error: { code: String(error.code ?? "ACTION_FAILED"), message: String(error.message ?? "") } }
          : {}),
        ...(timedOut === true ? { timedOut } : {}),
      },
    ];
  }

  /** The last visit is the one of the present state. */
  #withPresent(visits: readonly Visit[], currentState: string, enteredAt: string): Visit[] {
    if (visits.at(-1)?.state === currentState) return [...visits];
    return [...visits, { ordinal: 0, state: currentState, enteredAt, actor: "import", actions: [] }];
  }

  #instanceData(visits: readonly Visit[]): JsonObject {
    const own: JsonObject = Object.assign({}, ...visits.map((visit) => visit.data ?? {}));
    if (!this.#isOwnShape) return { ...this.#object("consolidatedData"), ...own };
    const present = visits.at(-1)?.data ?? {};
    return { ...own, ...this.#object("data"), ...present, ...this.#object("currentStateData") };
  }

  /** Every visit but the last one has ended, at the latest when the next one began. */
  #closed(visits: readonly Visit[]): Visit[] {
    return visits.map((visit, ordinal) => {
      const next = visits[ordinal + 1];
      const { exitedAt = next?.enteredAt, ...rest } = visit;
      return { ...rest, ordinal, ...(next === undefined || exitedAt === undefined ? {} : { exitedAt }) };
    });
  }

  #object(name: string): JsonObject {
    const value = this.document[name];
    if (value === undefined) return {};
    if (isJsonObject(value)) return value;
    this.#fault(`/${name}`, `"${name}" is not an object.`);
    return {};
  }

  #instant(name: string, object: JsonObject, place: string): string | undefined {
    const value = object[name];
    const instantMs = typeof value === "string" ? parseInstant(value) : undefined;
    if (instantMs !== undefined) return formatInstant(instantMs);
    this.#fault(
      `${place}/${name}`,
      value === undefined
        ? `"${name}" is missing.`
        : `"${name}" is not a time, such as 2026-01-31T09:30:00Z.`,
    );
    return undefined;
  }

  #fault(path: string, message: string): void {
    this.#faults.push({ path, message });
  }
}

function refused(path: string, message: string): ReadInstance {
  return { ok: false, faults: [{ path, message }] };
}
