/**
 * Paths of inbound webhooks: `payments/:id` takes `payments/42` and reads `id` from it.
 *
 * 1. A path is a list of segments; a variable one takes any that is not empty.
 * 2. Of several paths that take a request the most literal one counts, segment by segment from the left; `a/:x` and `a/:y` are the
 *    same route.
 */
import type { JsonObject } from "../json/json.js";

export interface HookPath {
  /** As the definition has it, without slashes at its ends. */
  readonly text: string;
  readonly segments: readonly HookSegment[];
  /** The path without the names of its variables. */
  readonly route: string;
}

export type HookSegment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "variable"; readonly name: string };

/** Reads a path that the language's schema has accepted. */
export function parseHookPath(source: string): HookPath {
  const text = source.replace(/^\/|\/$/g, "");
  const segments = text.split("/").map((part): HookSegment => {
    return part.startsWith(":") ? { kind: "variable", name: part.slice(1) } : { kind: "literal", text: part };
  });
  const route = segments.map((segment) => (segment.kind === "literal" ? segment.text : ":")).join("/");
  return { text, segments, route };
}

/** The segments of a request's path, decoded; undefined for one that cannot be decoded. */
export function hookSegments(requestPath: string): readonly string[] | undefined {
  try {
    return requestPath
      .replace(/^\/|\/$/g, "")
      .split("/")
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** The values of the variables; undefined when the path does not take the request. */
export function matchHookPath({ segments }: HookPath, request: readonly string[]): JsonObject | undefined {
  if (segments.length !== request.length) return undefined;
  const variables: [string, string][] = [];
  for (const [index, segment] of segments.entries()) {
    const given = request[index] ?? "";
    if (segment.kind === "variable" ? given === "" : given !== segment.text) return undefined;
    if (segment.kind === "variable") variables.push([segment.name, given]);
  }
  return Object.fromEntries(variables);
}

/** Which of two routes that take the same request counts: negative for the left one. */
export function compareRoutes(left: string, right: string): number {
  const others = right.split("/");
  for (const [index, segment] of left.split("/").entries()) {
    const isVariable = segment === ":";
    if (isVariable !== (others[index] === ":")) return isVariable ? 1 : -1;
  }
  return 0;
}
