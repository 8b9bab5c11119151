/** The events and updates of a command line, in the order in which they stand there. */
import type { JsonObject } from "../../core/json/json.js";
import { readJsonArgument } from "../input/json-argument.js";
import { usageError } from "../usage-error.js";

/** As it was typed. */
export interface LineWord {
  readonly option: "--event" | "--update";
  readonly value: string;
}

export interface LineItem {
  /** From 0; its idempotency key is `run/<place>`. */
  readonly place: number;
  /** Absent for an update. */
  readonly eventId?: string;
  readonly data: JsonObject;
  /** How it is called in messages: `event "submit"`. */
  readonly name: string;
}

/** Commander collects each option by itself; one list for both keeps their common order. */
export function collectInto(words: LineWord[], option: LineWord["option"]) {
  return (value: string): readonly LineWord[] => {
    words.push({ option, value });
    return words;
  };
}

/** Reads `ID`, `ID=JSON`, `ID=@FILE` of events and the values of updates. Throws `USAGE`. */
export function readLineItems(words: readonly LineWord[]): Promise<LineItem[]> {
  return Promise.all(words.map(readLineItem));
}

async function readLineItem(word: LineWord, place: number): Promise<LineItem> {
  if (word.option === "--update") {
    return { place, data: await readJsonArgument(word.value, "--update"), name: "update" };
  }
  const [, eventId = "", , argument] = /^([^=]*)(=([\s\S]*))?$/.exec(word.value) ?? [];
  if (eventId === "")
    throw usageError(
      `"${word.value}" names no event.`,
      "Give --event ID, --event ID=JSON or --event ID=@FILE.",
    );
  const data = argument === undefined ? {} : await readJsonArgument(argument, `--event ${eventId}=`);
  return { place, eventId, data, name: `event "${eventId}"` };
}
