/** A machine whose one action is sent at most once, and what tests do with it on the pure step. */
import type { JsonObject } from "../../src/core/json/json.js";
import { webhookAction, workMachine } from "./definitions.js";
import { PureRun } from "./pure-run.js";

export function question(settings: JsonObject = {}): JsonObject {
  return webhookAction("ask", {
    trigger: {
      webhook: {
        url: "http://127.0.0.1:1/ask?key=${actions.work.key}",
        method: "GET",
        condition: "response.body.found === true",
      },
    },
    ...settings,
  });
}

export function once(settings: JsonObject = {}): JsonObject {
  const { onTimeout: _none, ...rest } = webhookAction("work", { delivery: "atMostOnce", ...settings });
  return rest;
}

export function machine(
  settings: JsonObject = {},
  extra: Parameters<typeof workMachine>[1] = {},
): JsonObject {
  const definition = workMachine({}, extra);
  const states = (definition.states as JsonObject[]).map((state) =>
    state.stateId === "work" ? { ...state, entryActions: [once(settings)] } : state,
  );
  return { ...definition, states };
}

export function working(definition: JsonObject): PureRun {
  const run = new PureRun(definition);
  run.start();
  run.send("go");
  return run;
}

export const UNKNOWN = { outcome: "unknown", code: "ACTION_TIMEOUT", message: "no answer" } as const;

export function actionsOf(run: PureRun): string[] {
  const visits = [...run.closedVisits, ...(run.snapshot?.tokens.map(({ visit }) => visit) ?? [])];
  return visits.flatMap(({ actions }) => actions.map(({ actionId, status }) => `${actionId} ${status}`));
}

export function recordTypes(run: PureRun): string[] {
  return run.allRecords.map(({ type }) => type);
}

export function incidentOf(run: PureRun) {
  return run.snapshot?.incidents[0];
}

export function operate(run: PureRun, act: "retry" | "skip" | "cancel" | "suspend" | "resume"): void {
  run.accept({ type: "operator", act, reason: "because" });
}

export function answered(status: number) {
  return {
    outcome: "failed",
    code: "ACTION_FAILED",
    message: `answered ${status}`,
    isFinal: true,
    response: { status, headers: {}, body: null },
  } as const;
}
