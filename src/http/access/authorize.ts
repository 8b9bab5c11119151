/**
 * Who may do what, as one table. Pure: a principal and a need in, an error or nothing out.
 *
 * 1. What no role and no grant gives is refused.
 * 2. A refusal names the grant or role that is missing, and nothing of what it would have led to.
 * 3. A role never gives what a definition keeps from somebody (`assignee`, `candidateGroups`, `distinctFrom`).
 */
import { StatewrightError } from "../../core/errors.js";
import type { Act, Need, Principal, Role } from "../gate.js";
import { grantsFor, hasGrantOf } from "./grants.js";

export const ROLES: readonly Role[] = ["viewer", "operator", "publisher", "admin"];

/** What is asked of access control; `anyone` needs none. */
export type GuardedAct = Exclude<Act, "anyone">;

/** What each role may do, with every state machine of its tenant. The rest is given by grants. */
export const ROLE_ACTS: { readonly [role in Role]: { readonly [act in GuardedAct]: boolean } } = {
  viewer: row("read"),
  operator: row("read", "observe", "operate"),
  publisher: row("read", "publish"),
  admin: row("read", "observe", "operate", "publish", "start", "send", "signal"),
};

/** Throws `FORBIDDEN`. */
export function authorize(principal: Principal, need: Need): void {
  const { act } = need;
  if (act === "anyone" || (principal.roles ?? []).some((role) => ROLE_ACTS[role][act])) return;
  const grants = principal.grants ?? [];
  const isKnown = need.stateMachineId !== undefined || act === "signal";
  if (grantsFor(need).some((grant) => grants.includes(grant))) return;
  // What exactly is wanted is in the part of the request that is not read yet.
  const isExact = isKnown && (act !== "signal" || need.event !== undefined);
  if (!isExact && hasGrantOf(act, grants)) return;
  throw refusal(principal, need);
}

function refusal({ actor }: Principal, need: Need): StatewrightError {
  const roles = ROLES.filter((role) => need.act !== "anyone" && ROLE_ACTS[role][need.act]);
  const [grant] = grantsFor(
    need.stateMachineId === undefined ? { ...need, stateMachineId: "MACHINE" } : need,
  );
  const ways = [
    ...(grant === undefined ? [] : [`the grant "${grant}"`]),
    `the role ${roles.map((role) => `"${role}"`).join(" or ")}`,
  ].join(" or ");
  return new StatewrightError("FORBIDDEN", `"${actor}" may not do this (${need.act}): it needs ${ways}.`, {
    hint: "Ask who runs the server for a key or token that has it.",
  });
}

function row(...acts: readonly GuardedAct[]): { readonly [act in GuardedAct]: boolean } {
  const may = (act: GuardedAct) => acts.includes(act);
  return {
    read: may("read"),
    publish: may("publish"),
    start: may("start"),
    send: may("send"),
    signal: may("signal"),
    operate: may("operate"),
    observe: may("observe"),
  };
}
