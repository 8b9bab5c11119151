/**
 * `--where EXPRESSION`: an expression of the definition language, evaluated for each instance. It sees `data`, `variables`,
 * `state` (the current state's id) and `instance` (`instanceId`, `stateMachineId`, `version`, `status`, `currentState`, `seq`,
 * `startTime`, `lastUpdated`).
 */
import { compileExpression } from "../../core/expression/compile-expression.js";
import { EvaluationError } from "../../core/expression/evaluation-error.js";
import type { Scope } from "../../core/expression/scope.js";
import type { Snapshot } from "../../core/model/snapshot.js";
import type { InstanceRow } from "../../index.js";
import { usageError } from "../usage-error.js";

export interface Where {
  /** An instance for which it cannot be evaluated does not match. */
  readonly matches: (row: InstanceRow) => boolean;
  /** A sentence about the first one for which it could not be evaluated. */
  readonly firstFault: string | undefined;
}

/** Throws `USAGE` with every fault of the expression. */
export function compileWhere(source: string, nowMs: number): Where {
  const compiled = compileExpression(source);
  if (!compiled.ok) {
    const faults = compiled.faults.map(({ offset, message }) => `at ${offset + 1}: ${message}`);
    throw usageError(
      `--where ${source} is no expression: ${faults.join(" ")}`,
      "For example: --where 'data.amount > 100'",
    );
  }
  const { evaluate } = compiled.expression;
  const where: { matches: Where["matches"]; firstFault: string | undefined } = {
    matches: (row) => {
      try {
        return evaluate(scopeOf(row, nowMs)) === true;
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw error;
        where.firstFault ??= `--where could not be evaluated for "${row.instanceId}" (and perhaps others): ${error.message}`;
        return false;
      }
    },
    firstFault: undefined,
  };
  return where;
}

function scopeOf(row: InstanceRow, nowMs: number): Scope {
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
    nowMs,
    uuid: () => crypto.randomUUID(),
    inState: (stateId) => snapshot.tokens.some((token) => token.stateId === stateId),
  };
}
