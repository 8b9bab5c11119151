/** Small definitions, written down briefly, and what of a run the tests about tokens look at. */
import type { JsonObject } from "../../../src/core/json/json.js";
import type { ChildOutcome, OperatorAct } from "../../../src/core/message/command.js";
import type { PureRun } from "../../kit/pure-run.js";

export const manual = (...eventIds: string[]) => eventIds.map((eventId) => ({ eventId, trigger: "manual" }));
export const after = (duration: string) => [
  { eventId: `after-${duration}`, trigger: "time-based", after: duration },
];
export const every = (duration: string) => [
  { eventId: `every-${duration}`, trigger: "time-based", every: duration },
];

export const state = (stateId: string, baseStateType = "task", more: JsonObject = {}): JsonObject => ({
  stateId,
  baseStateType,
  ...more,
});

export const way = (
  transitionId: string,
  fromStateId: string | string[],
  toStateId: string | undefined,
  more: JsonObject = {},
): JsonObject => ({
  transitionId,
  fromStateId,
  ...(toStateId === undefined ? {} : { toStateId }),
  ...more,
});

export const box = (
  stateId: string,
  states: JsonObject[],
  transitions: JsonObject[],
  more: JsonObject = {},
): JsonObject => state(stateId, "compound", { states, transitions, ...more });

export const machine = (
  states: JsonObject[],
  transitions: JsonObject[],
  more: JsonObject = {},
): JsonObject => ({
  stateMachineId: "small",
  states,
  transitions,
  ...more,
});

export const call = (actionId: string, more: JsonObject = {}): JsonObject => ({
  actionId,
  trigger: { webhook: { url: `http://127.0.0.1:1/${actionId}` } },
  ...more,
});
export const log = (actionId: string): JsonObject => ({ actionId, type: "log" });
export const raising = (actionId: string, event: string, more: JsonObject = {}): JsonObject => ({
  actionId,
  type: "raise",
  config: { event, ...more },
});

export const schema = (properties: JsonObject, required: string[] = []): JsonObject => ({
  data: { schema: { type: "object", properties, required } },
});

/** Each token as `state/phase`, in document order. */
export const tokensOf = (run: PureRun) =>
  (run.snapshot?.tokens ?? []).map(({ stateId, phase }) => `${stateId}/${phase}`);
/** Each open incident as `code state`. */
export const incidentsOf = (run: PureRun) =>
  (run.snapshot?.incidents ?? []).map((incident) => `${incident.code} ${incident.state}`);
export const countOf = (run: PureRun, type: string) =>
  run.allRecords.filter((record) => record.type === type).length;

export const operator = (run: PureRun, act: OperatorAct) =>
  run.accept({ type: "operator", act, reason: "because" });

/** The keys of the children that run, in the order of the tokens and items. */
export const childKeys = (run: PureRun) =>
  (run.snapshot?.tokens ?? []).flatMap(({ child, each }) => [
    ...(child === undefined ? [] : [child.key]),
    ...(each?.running ?? []).map(({ key }) => key),
  ]);

export const childEnds = (run: PureRun, outcome: Partial<ChildOutcome> = {}, at = 0) =>
  run.accept({
    type: "childDone",
    children: [
      {
        key: childKeys(run)[at] ?? "",
        outcome: { outcome: "completed", data: {}, state: "done", ...outcome } as ChildOutcome,
      },
    ],
  });

export const childFails = (run: PureRun, at = 0) =>
  childEnds(run, { outcome: "failed", code: "BROKEN", message: "it broke", data: {} }, at);
