import type { Rule, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";
import { circles, connect, type Edges } from "./reach.js";
import { type SpinEdge, spinEdges } from "./spin-edges.js";

/**
 * Automatic transitions do not lead in a circle through states that wait for nothing: nobody, no time, no answer.
 * Without conditions such a circle spins for ever, which is an error; with conditions it may, which is a warning. One
 * finding for each circle, at its first transition.
 */
export const automaticCycle: Rule = ({ survey }) => {
  const edges = spinEdges(survey);
  const unconditional = edges.filter((edge) => edge.isUnconditional);
  const spinning = circlesOf(unconditional);
  const told = new Set(spinning.flat());
  const findings = spinning.map((nodes) => report(nodes, unconditional, "error"));
  for (const nodes of circlesOf(edges)) {
    if (!nodes.some((node) => told.has(node))) findings.push(report(nodes, edges, "warning"));
  }
  return findings.filter((found) => found !== undefined);
};

function circlesOf(edges: readonly SpinEdge[]): string[][] {
  const after: Edges = new Map();
  for (const { from, to } of edges) connect(after, from, to);
  return circles(after);
}

function report(
  nodes: readonly string[],
  edges: readonly SpinEdge[],
  severity: "error" | "warning",
): RuleFinding | undefined {
  const inside = edges.filter(({ from, to }) => nodes.includes(from) && nodes.includes(to));
  const first = inside.find(({ entry }) => entry !== undefined)?.entry;
  if (first === undefined) return undefined;
  const states = [...new Set(nodes.map((node) => node.replace(/\/.*$/, "")))];
  const way =
    states.length === 1
      ? `"${states[0]}" to itself`
      : `in a circle through ${states.map((id) => `"${id}"`).join(", ")}`;
  const end = severity === "error" ? "and never stop" : "as long as their conditions hold";
  return finding(
    "AUTOMATIC_CYCLE",
    first.pointer,
    `Automatic transitions lead ${states.length === 1 ? "from " : ""}${way} ${end}.`,
    {
      severity,
      hint: "Let one of these states wait for a person, a time or an action.",
    },
  );
}
