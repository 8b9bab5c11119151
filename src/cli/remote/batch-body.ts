import type { OperateAllRequest } from "../../index.js";

/** What of a request goes into the body of a batch: who acts is in a header. */
export function batchBodyOf(request: OperateAllRequest): { readonly [name: string]: unknown } {
  const { actor: _, source: __, onProgress: ___, idempotencyKey: ____, ...body } = request;
  return body;
}
