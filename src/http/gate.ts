/**
 * Who may do what: the seam between the server and access control.
 *
 * 1. Every route names what it needs (`needs`). Before a body is read the gate is asked who the sender is and whether
 *    they may do such a thing at all; when the instance and the event are known, the route asks again for exactly these.
 * 2. The actor of the audit trail is the principal's.
 * 3. A principal's engine is the only one that its request reaches: what belongs to others is not there for it.
 */
import type { Engine } from "../engine.js";

/** What a route does, as a word that roles and grants know. `anyone`: also for those who say nothing about themselves. */
export type Act = "anyone" | "read" | "publish" | "start" | "send" | "signal" | "operate" | "observe";

export type Role = "viewer" | "operator" | "publisher" | "admin";

export interface Need {
  readonly act: Act;
  /** Where they are known. */
  readonly stateMachineId?: string;
  /** Of `send`: absent for an update. Of `signal`: its name. */
  readonly event?: string;
}

/** Who sends a request. Access control adds what it knows of them. */
export interface Principal {
  /** As the audit trail names them. */
  readonly actor: string;
  /** Whose allowance of requests they use up; the address of the sender where nothing is said. */
  readonly rateKey?: string;
  /** Roles, grants and the groups of tasks; none where nothing is said. */
  readonly roles?: readonly Role[];
  readonly grants?: readonly string[];
  readonly groups?: readonly string[];
  /** Whose engine is reached. */
  readonly tenant?: string;
  /** By which door and credential, for the trail; `http` where nothing is said. */
  readonly source?: string;
}

/** What a gate sees of a request: nothing of its body. */
export interface GateRequest {
  readonly method: string;
  /** As it was sent, with the query. */
  readonly url: string;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  /** Of the sender's end of the connection. */
  readonly remoteAddress: string;
}

export interface Gate {
  /** Throws `StatewrightError` with a status of 401 where the sender does not show who they are. */
  authenticate(request: GateRequest): Promise<Principal>;
  /** Throws `StatewrightError` with a status of 403 (or 404 where existence is the secret). */
  authorize(principal: Principal, need: Need): void;
  /** The engine that this principal's requests reach; the server's where there is none. */
  engineOf?(principal: Principal): Promise<Engine>;
  /** Headers that a refused request is answered with, for example `WWW-Authenticate`. */
  challenge?(error: unknown): { readonly [name: string]: string };
}

export const ACTOR_HEADER = "statewright-actor";

/** Everybody may do everything, and says by a header who they are. */
export function openGate(): Gate {
  return {
    authenticate: async ({ headers }) => {
      const named = headers[ACTOR_HEADER];
      return { actor: typeof named === "string" && named !== "" ? named : "anonymous" };
    },
    authorize: () => {},
  };
}
