/** Where a value is put: the name of a variable, or why nothing can be put there. */
import { parseExpression } from "../../../core/expression/parse-expression.js";
import type { ChartNames } from "../expression/chart-names.js";
import { SYSTEM_VARIABLES } from "../expression/system-variables.js";

export type Location =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "certain-error"; readonly message: string }
  | { readonly kind: "inside"; readonly name: string };

export function readLocation(source: string, names: ChartNames): Location {
  const parsed = parseExpression(source, 0);
  if (!parsed.ok || source.slice(parsed.end).trim() !== "")
    return fails(`"${source.trim()}" is no place for a value`);
  let node = parsed.node;
  const isPlain = node.type === "Identifier";
  while (node.type === "MemberExpression" && node.object.type !== "Super") node = node.object;
  if (node.type !== "Identifier") return fails(`"${source.trim()}" is no place for a value`);
  const { name } = node;
  if (SYSTEM_VARIABLES.has(name)) return fails(`${name} cannot be set`);
  if (!names.data.has(name)) return fails(`nothing declares "${name}"`);
  return isPlain ? { kind: "variable", name } : { kind: "inside", name };
}

function fails(message: string): Location {
  return { kind: "certain-error", message };
}
