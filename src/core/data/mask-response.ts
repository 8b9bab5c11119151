/**
 * A response as an incident shows it. What a definition calls sensitive may come back from whoever it was sent to, so it is
 * masked by name and by value, and a long body is cut: an incident is read by people, and stays in the snapshot.
 */
import { canonicalJson } from "../json/canonical-json.js";
import { isJsonObject, type Json, type JsonObject } from "../json/json.js";
import { pointerParts } from "../json/pointer.js";
import type { Response } from "../message/response.js";

/** Characters of a body, as JSON, beyond which it is shown as a text that is cut. */
const MAX_BODY_CHARS = 2_000;
const MASK = "***";

export interface ShownResponse {
  readonly status: number;
  readonly body: Json;
}

/** `sensitive`: RFC 6901 pointers into the data. Headers are left out. */
export function maskResponse(
  response: Response,
  data: JsonObject,
  sensitive: readonly string[],
): ShownResponse {
  const paths = sensitive.map(pointerParts);
  const names = new Set(paths.flatMap((path) => path.slice(-1)));
  const values = new Set(paths.flatMap((path) => textAt(data, path)));
  const body = mask(response.body, names, [...values]);
  const text = canonicalJson(body);
  return {
    status: response.status,
    body: text.length <= MAX_BODY_CHARS ? body : `${text.slice(0, MAX_BODY_CHARS)}…`,
  };
}

/** A short value stands in many a text by chance; it is masked only where it is the whole. */
function textAt(data: JsonObject, path: readonly string[]): string[] {
  let value: Json | undefined = data;
  for (const part of path) {
    const container: Json | undefined = value;
    if (container === null || typeof container !== "object" || !Object.hasOwn(container, part)) return [];
    value = (container as { readonly [key: string]: Json })[part];
  }
  return typeof value === "string" || typeof value === "number" ? [String(value)] : [];
}

function mask(value: Json, names: ReadonlySet<string>, values: readonly string[]): Json {
  if (typeof value === "string") return maskText(value, values);
  if (typeof value === "number") return values.includes(String(value)) ? MASK : value;
  if (Array.isArray(value)) return value.map((item: Json) => mask(item, names, values));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      names.has(name) ? MASK : mask(member, names, values),
    ]),
  );
}

function maskText(text: string, values: readonly string[]): string {
  return values.reduce((masked, value) => {
    if (masked === value) return MASK;
    return value.length >= 4 ? masked.replaceAll(value, MASK) : masked;
  }, text);
}
