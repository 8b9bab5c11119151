import { isJsonObject, type Json, type JsonObject } from "../../../core/json/json.js";
import { unusableRequest } from "../send-failure.js";

/** What a response must be like to count as success. */
export interface Expectation {
  /** As written, for messages: `200 or 201`, `2xx`. */
  readonly statusText: string;
  readonly takesStatus: (status: number) => boolean;
  /** By lower-case name. */
  readonly headers: readonly (readonly [name: string, text: string])[];
  readonly bodySchema: JsonObject | boolean | undefined;
}

/**
 * Reads `expectedResponse`: `200`, `"200 OK"`, `"2xx"`, or an object with `status` (one of these, or a list),
 * `headers` and `body`. Nothing said means 2xx.
 *
 * @throws SendFailure for another form.
 */
export function readExpectation(given: Json | undefined): Expectation {
  if (given === undefined || given === null) return expectStatus("2xx", {});
  if (!isJsonObject(given)) return expectStatus(given, {});
  return expectStatus(given.status ?? "2xx", given);
}

function expectStatus(status: Json, given: JsonObject): Expectation {
  const patterns = (Array.isArray(status) ? (status as readonly Json[]) : [status]).map(readStatus);
  if (patterns.length === 0) throw unusableRequest('"expectedResponse.status" is an empty list.');
  const { body } = given;
  if (body !== undefined && typeof body !== "boolean" && !isJsonObject(body)) {
    throw unusableRequest('"expectedResponse.body" must be a JSON Schema.');
  }
  return {
    statusText: patterns.join(" or "),
    takesStatus: (actual) =>
      patterns.some((pattern) =>
        pattern.endsWith("xx")
          ? pattern.startsWith(String(Math.floor(actual / 100)))
          : pattern === String(actual),
      ),
    headers: readExpectedHeaders(given.headers),
    bodySchema: body,
  };
}

/** `200`, `"200 OK"` and `"2xx"` become `200`, `200` and `2xx`. */
function readStatus(given: Json): string {
  const match = /^([1-5]\d\d|[1-5]xx)(\s.*)?$/i.exec(String(given).trim());
  const isUsable = (typeof given === "string" || typeof given === "number") && match !== null;
  if (!isUsable) {
    throw unusableRequest(
      `"expectedResponse" does not say a status; write for example 200, "200 OK", "2xx" or a list of these.`,
    );
  }
  return (match[1] ?? "").toLowerCase();
}

function readExpectedHeaders(given: Json | undefined): readonly (readonly [string, string])[] {
  if (given === undefined || given === null) return [];
  if (!isJsonObject(given))
    throw unusableRequest('"expectedResponse.headers" must be an object of names and texts.');
  return Object.entries(given).map(([name, text]) => {
    if (typeof text === "object")
      throw unusableRequest(`The expected header ${JSON.stringify(name)} must be a text.`);
    return [name.toLowerCase(), String(text)];
  });
}
