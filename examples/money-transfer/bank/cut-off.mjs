/** Thrown in place of an answer: the connection is reset, and the caller never learns what became of its request. */
export class CutOff extends Error {
  constructor() {
    super("The connection was cut instead of an answer.");
    this.name = "CutOff";
  }
}
