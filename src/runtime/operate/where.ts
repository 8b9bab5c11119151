/**
 * `where`: an expression of the definition language, evaluated for each instance. It sees `data`, `variables`,
 * `state` (the current state's id) and `instance` (`instanceId`, `stateMachineId`, `version`, `status`, `currentState`, `seq`,
 * `startTime`, `lastUpdated`).
 */

import { StatewrightError } from "../../core/errors.js";
import { compileExpression } from "../../core/expression/compile-expression.js";
import { EvaluationError } from "../../core/expression/evaluation-error.js";
import type { Scope } from "../../core/expression/scope.js";
import type { Snapshot } from "../../core/model/snapshot.js";
import type { InstanceRow } from "../../ports/store.js";

export interface Where {
  /** An instance for which it cannot be evaluated does not match. */
  readonly matches: (row: InstanceRow) => boolean;
  /** A sentence about the first one for which it could not be evaluated. */
  readonly firstFault: string | undefined;
}

/** What the expression sees of the time, and where its `uuid()` comes from. */
export interface WhereWorld {
  readonly nowMs: number;
  readonly uuid: () => string;
}

/** Throws `USAGE` with every fault of the expression. */
export function compileWhere(source: string, world: WhereWorld): Where {
  const compiled = compileExpression(source);
  if (!compiled.ok) {
    const faults = compiled.faults.map(({ offset, message }) => `at ${offset + 1}: ${message}`);
    const what = `The condition of "where" (--where), ${source}, is no expression`;
    throw new StatewrightError("USAGE", `${what}: ${faults.join(" ")}`, {
      hint: "For example: data.amount > 100",
    });
  }
  const { evaluate } = compiled.expression;
  const where: { matches: Where["matches"]; firstFault: string | undefined } = {
    matches: (row) => {
      try {
        return evaluate(scopeOf(row, world)) === true;
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw error;
        where.firstFault ??= `The condition could not be evaluated for "${row.instanceId}" (and perhaps others): ${error.message}`;
        return false;
      }
    },
    firstFault: undefined,
  };
  return where;
}

function scopeOf(row: InstanceRow, world: WhereWorld): Scope {
  const { instanceId, stateMachineId, version, status, currentState, seq, startedAt, updatedAt } = row;
  const snapshot = JSON.parse(row.snapshot) as Snapshot;
  return {
    roots: {
      data: snapshot.data,
      variables: snapshot.variables,
      state: currentState,
      instance: {
        instanceId,
        stateMachineId,
        version,
        status,
        currentState,
        seq,
        startTime: startedAt,
        lastUpdated: updatedAt,
      },
    },
    ...world,
    inState: (stateId) => snapshot.tokens.some((token) => token.stateId === stateId),
  };
}
