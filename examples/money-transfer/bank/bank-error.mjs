/** A refusal that the caller is told about: an HTTP status, a stable code and a sentence that says what to do. */
export class BankError extends Error {
  /**
   * @param {number} status HTTP status of the answer
   * @param {string} errorCode capital letters and underscores
   * @param {string} errorMessage one sentence for people
   * @param {Record<string, unknown>} [details] further members of the answer
   */
  constructor(status, errorCode, errorMessage, details = {}) {
    super(errorMessage);
    this.name = "BankError";
    this.status = status;
    this.errorCode = errorCode;
    this.details = details;
  }

  /** @returns {import("./ledger/idempotency.mjs").Answer} */
  toAnswer() {
    return {
      status: this.status,
      body: JSON.stringify({ errorCode: this.errorCode, errorMessage: this.message, ...this.details }),
    };
  }
}
