/**
 * What a request has to pass before anything of it is read.
 *
 * 1. Its Host is one that this server answers for: a name that somebody else has pointed here (DNS rebinding) is not.
 * 2. A browser's request that changes something comes from a page of this server or of an origin that is configured.
 *    There are no cookies, so a page can do nothing in somebody's name; it could on an open loopback port.
 * 3. Its body is in a form that is read.
 */
import type { IncomingHttpHeaders } from "node:http";
import { StatewrightError } from "../../core/errors.js";
import { checkBodyHeaders } from "../request/body.js";

export interface AdmissionRules {
  /** Host names without ports, in lower case, for which the server answers beside addresses of the loopback. */
  readonly hosts: readonly string[];
  /** Origins of web pages that may change things, beside the server's own. */
  readonly origins: readonly string[];
}

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Throws `HOST_UNKNOWN`, `ORIGIN_FOREIGN`, `MEDIA_TYPE_UNSUPPORTED`. */
export function checkAdmission(method: string, headers: IncomingHttpHeaders, rules: AdmissionRules): void {
  const { host = "" } = headers;
  if (!isKnownHost(host, rules)) {
    throw new StatewrightError("HOST_UNKNOWN", `This server does not answer for "${host.slice(0, 255)}".`, {
      hint: "Call it by the address that it listens on, or name the host in http.hosts of its configuration.",
    });
  }
  if (!SAFE_METHODS.has(method)) checkOrigin(headers, host, rules);
  checkBodyHeaders(headers);
}

function checkOrigin(headers: IncomingHttpHeaders, host: string, { origins }: AdmissionRules): void {
  const { origin } = headers;
  const site = headers["sec-fetch-site"];
  const isForeign =
    origin === undefined
      ? site !== undefined && site !== "same-origin" && site !== "none"
      : !origins.includes(origin) && origin !== `http://${host}` && origin !== `https://${host}`;
  if (!isForeign) return;
  const name = (origin ?? "unknown").slice(0, 255);
  throw new StatewrightError(
    "ORIGIN_FOREIGN",
    `A page of the origin "${name}" may not change anything here.`,
    {
      hint: "Name the origin in http.origins of the server's configuration if it may.",
    },
  );
}

function isKnownHost(host: string, { hosts }: AdmissionRules): boolean {
  const name = host.toLowerCase().replace(/:\d+$/, "");
  return LOOPBACK.has(name) || hosts.includes(name);
}
