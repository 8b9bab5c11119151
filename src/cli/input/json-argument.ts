/** Values on the command line that are JSON, or `@FILE` for a file that holds it. */
import { isJsonObject, type JsonObject } from "../../core/json/json.js";
import { parseJsonText } from "../../core/json/parse-json.js";
import { usageError } from "../usage-error.js";
import { readText } from "./read-text.js";

/** `option` as it is called in messages (`--data`). Throws `USAGE` for what is not a JSON object, with the place. */
export async function readJsonArgument(argument: string, option: string): Promise<JsonObject> {
  const isFile = argument.startsWith("@");
  const text = isFile ? await readText(argument.slice(1)) : argument;
  const name = isFile ? `The file "${argument.slice(1)}" of ${option}` : `The value of ${option}`;
  const hint = `Give a JSON object, for example ${option} '{"amount":10}', or @FILE.`;
  const parsed = parseJsonText(text);
  if (!parsed.ok) {
    const [fault] = parsed.faults;
    throw usageError(
      `${name} is not right at ${fault?.line ?? 1}:${fault?.column ?? 1}: ${fault?.message ?? ""}`,
      hint,
    );
  }
  if (!isJsonObject(parsed.value)) throw usageError(`${name} is JSON, but no object.`, hint);
  return parsed.value;
}
