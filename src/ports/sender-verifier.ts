import type { VerifyModel } from "../core/inbound/inbound-model.js";

/** A message as it came, before anything of it is read. */
export interface RawMessage {
  readonly body: Uint8Array;
  /** By name in lower case. */
  readonly headers: { readonly [name: string]: string };
}

export interface SenderVerifier {
  /**
   * Whether the sender proves what it must. Secrets are compared in constant time. Throws `SECRET_MISSING` when none of the
   * secrets that it could be checked with is there.
   */
  verify(how: VerifyModel, message: RawMessage, nowMs: number): boolean;
}
