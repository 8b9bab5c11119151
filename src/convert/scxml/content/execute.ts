/** Executable content, element by element. */
import { isOfScxml } from "../read/scxml-element.js";
import type { XmlElement } from "../read/xml-element.js";
import type { ActionList, Execute, Guard } from "./action-list.js";
import { executeAssign } from "./assign.js";
import { executeCancel } from "./cancel.js";
import { executeForeach } from "./foreach.js";
import { executeIf } from "./if.js";
import { executeLog } from "./log.js";
import { executeRaise } from "./raise.js";
import { executeScript } from "./script.js";
import { executeSend } from "./send.js";

type Handler = (list: ActionList, element: XmlElement, guard: Guard, execute: Execute) => boolean;

const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ["raise", executeRaise],
  ["if", executeIf],
  ["foreach", executeForeach],
  ["log", executeLog],
  ["assign", executeAssign],
  ["script", executeScript],
  ["send", executeSend],
  ["cancel", executeCancel],
]);

export const execute: Execute = (list, content, guard) => {
  for (const element of content) {
    const handler = isOfScxml(element) ? HANDLERS.get(element.name) : undefined;
    if (handler === undefined) {
      list.conversion.report.add(
        "SCXML_UNKNOWN_ELEMENT",
        element.place,
        `<${element.name}> cannot be executed here.`,
        "Executable content is raise, if, foreach, log, assign, script, send and cancel.",
      );
    } else if (!handler(list, element, guard, execute)) return false;
  }
  return true;
};
