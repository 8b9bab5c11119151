/**
 * Reads a JSON body so that nothing is lost on the way: duplicate names and numbers that a double cannot carry are
 * refused instead of being changed in silence.
 */
import { parse } from "@humanwhocodes/momoa";
import { BankError } from "./bank-error.mjs";

const MAX_BYTES = 1024 * 1024;

/**
 * @param {import("node:http").IncomingMessage} request
 * @returns {Promise<unknown>} `{}` when the body is empty
 * @throws {BankError} 400 JSON_INVALID, 413 BODY_TOO_LARGE
 */
export async function readJsonBody(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BYTES)
      throw new BankError(413, "BODY_TOO_LARGE", "The body is larger than 1 MiB; send less.");
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString("utf8");
  return text.trim() === "" ? {} : parseExactJson(text);
}

/**
 * @param {string} text
 * @returns {unknown}
 */
export function parseExactJson(text) {
  let document;
  try {
    document = parse(text, { mode: "json", ranges: true });
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
  return toValue(document.body, text);
}

/**
 * @param {import("@humanwhocodes/momoa").ValueNode} node
 * @param {string} text
 * @returns {unknown}
 */
function toValue(node, text) {
  switch (node.type) {
    case "Object":
      return toObject(node, text);
    case "Array":
      return node.elements.map((element) => toValue(element.value, text));
    case "Number":
      return exactNumber(node, text);
    case "String":
    case "Boolean":
      return node.value;
    case "Null":
      return null;
    default:
      throw invalid(`a ${node.type} is not JSON`);
  }
}

/**
 * @param {import("@humanwhocodes/momoa").ObjectNode} node
 * @param {string} text
 */
function toObject(node, text) {
  /** @type {Record<string, unknown>} */
  const object = {};
  for (const member of node.members) {
    const name = member.name.type === "String" ? member.name.value : member.name.name;
    if (name === "__proto__" || Object.hasOwn(object, name))
      throw invalid(`the name "${name}" may not stand here`);
    object[name] = toValue(member.value, text);
  }
  return object;
}

/**
 * @param {import("@humanwhocodes/momoa").NumberNode} node
 * @param {string} text
 */
function exactNumber(node, text) {
  const [start, end] = node.range ?? [0, 0];
  const literal = text.slice(start, end);
  if (decimalValue(literal) !== decimalValue(String(node.value))) {
    throw invalid(`the number ${literal.slice(0, 40)} would lose digits; send it as text`);
  }
  return node.value;
}

/**
 * A decimal's value as text: significant digits and exponent, so that "1000.00" and "1e3" are the same.
 * @param {string} literal
 */
function decimalValue(literal) {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal);
  if (match === null) return literal;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  return `${sign}${significant}e${Number(exponent) - fraction.length + (digits.length - significant.length)}`;
}

/** @param {string} what */
function invalid(what) {
  return new BankError(400, "JSON_INVALID", `The body is not JSON that the bank takes: ${what}.`);
}
