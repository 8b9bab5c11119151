/** Names and members: roots, local names, `undefined`, `data.order.id`, `data.items[0]`. */
import type { Identifier, MemberExpression } from "acorn";
import { closest, distance } from "fastest-levenshtein";
import type { Evaluator } from "../evaluation.js";
import { FUNCTION_NAMES } from "../functions/function-names.js";
import { isRootName, staticPath } from "../reference.js";
import { ROOT_NAMES, type RootName, type Value } from "../scope.js";
import { readMember, readProperty } from "../values/member.js";
import { ABSENT, type Compiling } from "./compiling.js";
import { forbid } from "./forbidden.js";

export function compileIdentifier(node: Identifier, compiling: Compiling): Evaluator {
  const { name } = node;
  const slot = compiling.locals.lastIndexOf(name);
  if (slot >= 0) return (evaluation) => evaluation.locals[slot];
  if (name === "undefined") return ABSENT;
  if (!isRootName(name)) return unknownRoot(node, compiling);
  compiling.addReference([name]);
  return (evaluation) => evaluation.scope.roots[name];
}

export function compileMember(node: MemberExpression, compiling: Compiling): Evaluator {
  if (node.object.type === "Super" || node.property.type === "PrivateIdentifier") {
    forbid(node.object.type === "Super" ? node.object : node.property, compiling);
    return ABSENT;
  }
  const path = staticPath(node);
  if (path !== undefined && isRootName(path[0]) && !compiling.locals.includes(path[0])) {
    const [root, ...keys] = path;
    compiling.addReference([root, ...keys]);
    compiling.cost += keys.length;
    return readPath(root, keys);
  }
  const object = compiling.compile(node.object);
  if (!node.computed) {
    const key = node.property.type === "Identifier" ? node.property.name : "";
    return (evaluation) => readProperty(object(evaluation), key);
  }
  const property = compiling.compile(node.property);
  return (evaluation) => readMember(object(evaluation), property(evaluation));
}

function readPath(root: RootName, keys: readonly string[]): Evaluator {
  const [first = "", second = ""] = keys;
  if (keys.length === 1) return (evaluation) => readProperty(evaluation.scope.roots[root], first);
  if (keys.length === 2) {
    return (evaluation) => readProperty(readProperty(evaluation.scope.roots[root], first), second);
  }
  return (evaluation) => {
    let value: Value = evaluation.scope.roots[root];
    for (const key of keys) value = readProperty(value, key);
    return value;
  };
}

function unknownRoot(node: Identifier, compiling: Compiling): Evaluator {
  const { name } = node;
  const message = `There is no "${name}": an expression starts from ${ROOT_NAMES.join(", ")}.`;
  return compiling.fault("UNKNOWN_ROOT", node, message, rootHint(name, compiling));
}

function rootHint(name: string, compiling: Compiling): string {
  if (FUNCTION_NAMES.includes(name)) return `Call the function: ${name}(...).`;
  const known = [...compiling.locals, ...ROOT_NAMES];
  const nearest = closest(name, known);
  if (name.length > 2 && distance(name, nearest) <= 2) return `Did you mean ${nearest}?`;
  return `Write data.${name} for a property of the data, or '${name}' in quotes for a text.`;
}
