/**
 * The findings on joins against a plain game of tokens that plays every outcome of every condition, and on flows that are
 * built so that nothing can be wrong with them.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { findingsOf } from "../../../../../test/kit/definition-findings.js";
import {
  type Flow,
  flowScope,
  generatedFlow,
  goesOut,
  TokenGame,
} from "../../../../../test/kit/generated-flows.js";
import type { JsonObject } from "../../../json/json.js";

/** Joins that some outcome leaves waiting in vain, and those that some outcome lets go on. */
function playEveryOutcome(flow: Flow): {
  readonly stuck: ReadonlySet<string>;
  readonly full: ReadonlySet<string>;
} {
  const stuck = new Set<string>();
  const full = new Set<string>();
  const chosen = flow.edges.filter(
    (edge) => goesOut(flow, edge.from).length > 1 && goesOut(flow, edge.from)[0] !== edge,
  );
  for (let outcome = 0; outcome < 2 ** chosen.length; outcome += 1) {
    const edges = flow.edges.map((edge) => {
      const at = chosen.indexOf(edge);
      return at === -1 ? edge : { ...edge, isOpen: Math.floor(outcome / 2 ** at) % 2 === 1 };
    });
    const game = new TokenGame({ ...flow, edges });
    while (game.tasks.size > 0) game.go([...game.tasks]);
    for (const node of game.stuck) stuck.add(`j${node}`);
    for (const [node, times] of game.begun.entries()) if (times > 0) full.add(`j${node}`);
  }
  return { stuck, full };
}

function toldJoins(document: JsonObject, code: string): string[] {
  const sentences = findingsOf(document)
    .filter((finding) => finding.code === code)
    .flatMap(
      ({ message }) => / "(j\d+)" waits in vain|^State "(j\d+)" is a join/.exec(message)?.slice(1) ?? [],
    );
  return [...new Set(sentences.filter((name) => name !== undefined))].sort();
}

it("a join is told exactly when some outcome leaves it stuck, and as an error exactly when every outcome does", () => {
  fc.assert(
    fc.property(
      generatedFlow("all", true).filter((flow) => flow.edges.length <= 11),
      (flow) => {
        const { stuck, full } = playEveryOutcome(flow);
        const document = { stateMachineId: "flow", ...flowScope(flow, "initial") };
        const never = [...stuck].filter((join) => !full.has(join));
        expect(toldJoins(document, "JOIN_NEVER_FULL")).toEqual(never.sort());
        expect(toldJoins(document, "TOKEN_LOST")).toEqual([...stuck].filter((join) => full.has(join)).sort());
      },
    ),
    { numRuns: 150 },
  );
});

it("parallel flows, nested or not, and inclusive ones whose joins wait for active tokens have no findings on tokens", () => {
  const flows = fc.oneof(generatedFlow("all", false), generatedFlow("active", true));
  fc.assert(
    fc.property(flows, (flow) => {
      const document = { stateMachineId: "flow", ...flowScope(flow, "initial") };
      const codes = findingsOf(document).map(({ code }) => code);
      expect(codes).not.toContain("JOIN_NEVER_FULL");
      expect(codes).not.toContain("TOKEN_LOST");
    }),
    { numRuns: 100 },
  );
});

interface Block {
  readonly kind: "task" | "row" | "choice" | "all" | "loop";
  readonly parts: readonly Block[];
}

const block = fc.letrec<{ block: Block }>((tie) => ({
  block: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constant<Block>({ kind: "task", parts: [] }),
    fc.record({
      kind: fc.constantFrom("row" as const, "choice" as const, "all" as const, "loop" as const),
      parts: fc.array(tie("block"), { minLength: 2, maxLength: 3 }),
    }),
  ),
})).block;

/** Appends the block's states, and gives the first and the last of them. */
function build(at: Block, states: JsonObject[], transitions: JsonObject[]): { first: string; last: string } {
  const add = (baseStateType: string, letter: string): string => {
    const stateId = `${letter}${states.length}`;
    states.push({ stateId, baseStateType });
    return stateId;
  };
  const connect = (fromStateId: string, toStateId: string, more: JsonObject = {}) => {
    transitions.push({ transitionId: `e${transitions.length}`, fromStateId, toStateId, ...more });
  };
  if (at.kind === "task") {
    const stateId = add("userTask", "t");
    return { first: stateId, last: stateId };
  }
  const opening = { row: "task", choice: "decision", all: "fork", loop: "task" }[at.kind];
  const first = add(opening, "o");
  const parts = at.parts.map((part) => build(part, states, transitions));
  const last = add(
    { row: "task", choice: "task", all: "join", loop: "decision" }[at.kind],
    at.kind === "all" ? "j" : "c",
  );
  if (at.kind === "choice" || at.kind === "all") {
    for (const [place, part] of parts.entries()) {
      const condition = at.kind === "all" || place === 0 ? {} : { condition: `data.n > ${place}` };
      connect(first, part.first, at.kind === "choice" && place === 0 ? { default: true } : condition);
      connect(part.last, last);
    }
    return { first, last };
  }
  let end = first;
  for (const part of parts) {
    connect(end, part.first);
    end = part.last;
  }
  connect(end, last);
  if (at.kind === "row") return { first, last };
  const out = add("task", "x");
  connect(last, first, { condition: "data.again" });
  connect(last, out, { default: true });
  return { first, last: out };
}

it("blocks of decisions, forks and loops that nest have no findings on tokens", () => {
  fc.assert(
    fc.property(block, (whole) => {
      const states: JsonObject[] = [{ stateId: "begin", baseStateType: "initial" }];
      const transitions: JsonObject[] = [];
      const { first, last } = build(whole, states, transitions);
      states.push({ stateId: "end", baseStateType: "final" });
      transitions.push({ transitionId: "in", fromStateId: "begin", toStateId: first });
      transitions.push({ transitionId: "out", fromStateId: last, toStateId: "end" });
      const errors = findingsOf({ stateMachineId: "blocks", states, transitions }).filter(
        ({ code, severity }) => severity === "error" || code === "TOKEN_LOST",
      );
      expect(errors).toEqual([]);
    }),
    { numRuns: 150 },
  );
});
