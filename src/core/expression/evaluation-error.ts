/**
 * Why an expression or template gave no value: an operand of the wrong kind, a reference to something absent, or a
 * limit. It is the only thing that evaluating and rendering throw. The message names the place in the expression and
 * the kind of the value, never the value itself: data may be sensitive and messages are logged.
 */
export class EvaluationError extends Error {
  /** The path that the error is about, for example `data.order.id`, where it is one. */
  readonly path?: string;

  constructor(message: string, path?: string) {
    super(message);
    this.name = "EvaluationError";
    if (path !== undefined) this.path = path;
  }
}
