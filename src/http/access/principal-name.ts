/** Names of actors and tenants that access control gives out. */
import { StatewrightError } from "../../core/errors.js";

export const DEFAULT_TENANT = "default";

/** Actors that stand for nobody: access control never lets anybody be one of them. */
const NOBODY: ReadonlySet<string> = new Set(["anonymous", "system", "engine"]);

export function isActorName(name: unknown): name is string {
  return (
    typeof name === "string" &&
    name !== "" &&
    [...name].length <= 255 &&
    !/\p{Cc}|\p{Cs}/u.test(name) &&
    !NOBODY.has(name)
  );
}

/** A tenant's name is that of its database's file too. */
export function isTenantName(name: unknown): boolean {
  return typeof name === "string" && /^[a-z0-9][a-z0-9-]{0,62}$/.test(name);
}

/** Throws `USAGE`. */
export function checkTenantName(name: string): void {
  if (isTenantName(name)) return;
  throw new StatewrightError("USAGE", `"${name.slice(0, 100)}" is no name of a tenant.`, {
    hint: "Use up to 63 lower-case letters, digits and hyphens, for example acme-eu.",
  });
}
