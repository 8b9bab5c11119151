/**
 * Reads the rendered settings of a webhook into the request that is sent, or says why it cannot be made. All failures
 * here are final: the settings are the same for every try.
 */
import { isJsonObject, type Json, type JsonObject } from "../../../core/json/json.js";
import type { ChannelRequest } from "../../../ports/channel.js";
import { type Expectation, readExpectation } from "../response/expectation.js";
import { unusableRequest } from "../send-failure.js";
import { engineHeaders, readHeaders } from "./request-headers.js";

export interface WebRequest {
  readonly method: string;
  readonly url: URL;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string | undefined;
  readonly expectation: Expectation;
  readonly followRedirects: boolean;
  readonly maxResponseBytes: number;
}

export interface RequestDefaults {
  readonly rewrite: (url: URL) => URL;
  readonly userAgent: string;
  readonly maxResponseBytes: number;
}

const METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
const LONGEST_PATH_SHOWN = 200;

/** @throws SendFailure */
export function readRequest(request: ChannelRequest, defaults: RequestDefaults): WebRequest {
  const { settings } = request;
  const method = readMethod(settings.method);
  const url = readUrl(settings.url, defaults.rewrite);
  appendQuery(url, settings.query);
  const headers = readHeaders(settings.headers);
  const body =
    method === "GET" || method === "HEAD"
      ? undefined
      : renderBody(withCallback(settings.payload, request.callbackUrl), headers);
  if (body === undefined) headers.delete("content-type");
  if (!headers.has("accept")) headers.set("accept", "application/json, */*;q=0.5");
  for (const [name, value] of engineHeaders(request, defaults.userAgent)) {
    if (name !== "user-agent" || !headers.has(name)) headers.set(name, value);
  }
  return {
    method,
    url,
    headers,
    body,
    expectation: readExpectation(settings.expectedResponse),
    followRedirects: settings.followRedirects !== false,
    maxResponseBytes: readLimit(settings, defaults.maxResponseBytes),
  };
}

/** `POST http://127.0.0.1:9001/verify`: what every message calls the request. Without the query, which may hold secrets. */
export function requestLabel(request: { readonly method: string; readonly url: URL }): string {
  const { origin, pathname } = request.url;
  const path = pathname.length > LONGEST_PATH_SHOWN ? `${pathname.slice(0, LONGEST_PATH_SHOWN)}…` : pathname;
  return `${request.method} ${origin}${path}`;
}

function readMethod(given: Json | undefined): string {
  const method = String(given ?? "POST").toUpperCase();
  if (METHODS.includes(method)) return method;
  throw unusableRequest(`The method ${JSON.stringify(given)} is not one of ${METHODS.join(", ")}.`);
}

/** An absolute http(s) URL without credentials, rewritten. @throws SendFailure */
export function readUrl(given: Json | undefined, rewrite: (url: URL) => URL): URL {
  if (typeof given !== "string" || given === "") throw unusableRequest('"url" is missing or not a text.');
  // A URL parser drops line breaks and tabs without a word, and then it is another URL than the one that was read.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  if (/[\x00-\x20\x7f]/.test(given)) throw unusableRequest("The URL holds a space or a control character.");
  if (!URL.canParse(given))
    throw unusableRequest("The URL cannot be read; it must be absolute, with http or https.");
  const asked = new URL(given);
  refuseUnusable(asked);
  const url = new URL(rewrite(asked));
  url.hash = "";
  return url;
}

function refuseUnusable(url: URL): void {
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw unusableRequest(`The URL begins with "${url.protocol}"; only http and https are called.`);
  }
  if (url.username !== "" || url.password !== "") {
    throw unusableRequest(`The URL for ${url.host} holds a user name or password; send a header instead.`);
  }
}

function appendQuery(url: URL, query: Json | undefined): void {
  if (query === undefined || query === null) return;
  if (!isJsonObject(query)) throw unusableRequest('"query" must be an object of names and values.');
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? (value as readonly Json[]) : [value]) {
      if (item === null) continue;
      if (typeof item === "object") {
        throw unusableRequest(
          `The query parameter ${JSON.stringify(name)} must be a text, a number or a boolean.`,
        );
      }
      url.searchParams.append(name, String(item));
    }
  }
}

/** The address that is to be called goes with the payload too, unless the payload says it itself. */
function withCallback(payload: Json | undefined, callbackUrl: string | undefined): Json | undefined {
  const isOpen = payload !== undefined && isJsonObject(payload) && !Object.hasOwn(payload, "callbackUrl");
  return isOpen && callbackUrl !== undefined ? { ...payload, callbackUrl } : payload;
}

/** JSON, unless a text goes with another content type. Without a payload there is no body. */
function renderBody(payload: Json | undefined, headers: Map<string, string>): string | undefined {
  if (payload === undefined) return undefined;
  const contentType = headers.get("content-type");
  if (contentType === undefined) headers.set("content-type", "application/json");
  else if (typeof payload === "string" && !isJsonMediaType(contentType)) return payload;
  return JSON.stringify(payload);
}

/** `application/json`, or a type that ends in `+json` (RFC 6839), with or without parameters. */
export function isJsonMediaType(contentType: string): boolean {
  const [mediaType = ""] = contentType.split(";");
  return /^application\/json$|^[^/\s]+\/[^/\s]+\+json$/i.test(mediaType.trim());
}

function readLimit(settings: JsonObject, most: number): number {
  const { maxResponseBytes } = settings;
  if (maxResponseBytes === undefined || maxResponseBytes === null) return most;
  if (!Number.isSafeInteger(maxResponseBytes) || Number(maxResponseBytes) < 1) {
    throw unusableRequest('"maxResponseBytes" must be a whole number above zero.');
  }
  return Math.min(Number(maxResponseBytes), most);
}
