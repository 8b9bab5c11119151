/** Whether a server may listen on an address without knowing who sends what. */
import { StatewrightError } from "../../core/errors.js";

/** `localhost`, 127.0.0.0/8 or `::1`. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}

/** Throws `USAGE` (exit code 2) for an address that others can reach while anybody may do everything. */
export function checkExposure(host: string, isGuarded: boolean): void {
  if (isGuarded || isLoopback(host)) return;
  throw new StatewrightError(
    "USAGE",
    `The server does not listen on ${host} without authentication: whoever reaches it could do everything.`,
    {
      hint: "Make a key first: statewright keys create ada --role admin. Or name an identity provider (access.tokens) in the configuration.",
    },
  );
}
