/**
 * One evaluation under way: its scope, its local names and what is left of its steps.
 *
 * 1. Every evaluator gets the same object, so the step limit holds for the whole expression.
 * 2. The nodes of the expression are paid for at the start, those of an arrow's body at each call, and functions pay
 *    for the elements and characters they touch. Branches that are not taken count as taken: the limit bounds work,
 *    it does not measure it.
 */
import { EvaluationError } from "./evaluation-error.js";
import { MAX_LIST_LENGTH, MAX_STEPS, MAX_TEXT_CHARS } from "./limits.js";
import type { Scope, Value } from "./scope.js";

/** A compiled node. */
export type Evaluator = (evaluation: Evaluation) => Value;

export class Evaluation {
  readonly scope: Scope;
  /** Values of the arrow parameters, by nesting of the arrows. */
  readonly locals: Value[];
  private stepsLeft: number;

  constructor(scope: Scope, locals: Value[], stepsAtStart: number) {
    this.scope = scope;
    this.locals = locals;
    this.stepsLeft = MAX_STEPS - stepsAtStart;
  }

  /** Pays for work about to be done. */
  charge(steps: number): void {
    this.stepsLeft -= steps;
    if (this.stepsLeft < 0) {
      throw new EvaluationError(
        `The expression takes more than ${MAX_STEPS} steps; work on shorter lists or texts.`,
      );
    }
  }

  /** Pays for reading a text of this length. */
  chargeText(chars: number): void {
    if (chars >= 1024) this.charge(chars >> 10);
  }

  /** The text, when it is not too long to be made. */
  madeText(text: string): string {
    if (text.length > MAX_TEXT_CHARS) {
      throw new EvaluationError(`The expression makes a text of more than ${MAX_TEXT_CHARS} characters.`);
    }
    this.chargeText(text.length);
    return text;
  }

  /** Refuses a list that is too long to be made. */
  checkListLength(length: number): void {
    if (length > MAX_LIST_LENGTH) {
      throw new EvaluationError(`The expression makes a list of more than ${MAX_LIST_LENGTH} elements.`);
    }
  }
}
