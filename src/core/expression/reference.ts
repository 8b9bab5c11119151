/** References: a root name and the properties after it, as they stand in expressions, templates and messages. */
import type { AnyNode } from "acorn";
import { ROOT_NAMES, type RootName } from "./scope.js";

const ROOTS: ReadonlySet<string> = new Set(ROOT_NAMES);

export function isRootName(name: string): name is RootName {
  return ROOTS.has(name);
}

/** `data.order["a b"]` for `["data", "order", "a b"]`. */
export function referenceText(path: readonly [string, ...(string | number)[]]): string {
  const [root, ...keys] = path;
  return keys.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(key)
      ? `${text}.${key}`
      : `${text}[${JSON.stringify(key)}]`;
  }, root);
}

/**
 * The name and the constant keys of a chain of members, `["data", "order", "id"]` for `data.order?.id` and for
 * `data["order"].id`; `undefined` for a node that is no such chain. Walks without recursion: chains can be long.
 */
export function staticPath(node: AnyNode): [string, ...string[]] | undefined {
  const keys: string[] = [];
  let current: AnyNode = node;
  for (;;) {
    if (current.type === "ChainExpression") {
      current = current.expression;
    } else if (current.type === "MemberExpression") {
      const key = staticKey(current.property, current.computed);
      if (key === undefined) return undefined;
      keys.push(key);
      current = current.object;
    } else {
      return current.type === "Identifier" ? [current.name, ...keys.reverse()] : undefined;
    }
  }
}

function staticKey(property: AnyNode, isComputed: boolean): string | undefined {
  if (!isComputed) return property.type === "Identifier" ? property.name : undefined;
  return property.type === "Literal" && typeof property.value === "string" ? property.value : undefined;
}
