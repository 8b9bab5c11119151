import type { Rule, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";
import { joinAnalyses } from "./join-analysis.js";
import type { Step } from "./token-run.js";

/**
 * No choice leads a token away that a join waits for: after each step from which the join could go on it still can, unless
 * no token comes to it any more. A warning, because the conditions that choose are not looked into. What can never be full
 * is told by another rule.
 */
export const tokenLost: Rule = ({ survey }) =>
  joinAnalyses(survey).flatMap(({ join, losses, vainStarts, neverFires, net }) => {
    if (neverFires) return [];
    const { stateId } = join.state.state;
    const told = new Map<string, RuleFinding>();
    const tell = (pointer: string, sentence: string) => {
      if (told.has(pointer)) return;
      const hint = `Lead every token of the fork to "${stateId}", or give it "wait": "active".`;
      told.set(pointer, finding("TOKEN_LOST", pointer, sentence, { hint }));
    };
    for (const step of losses) {
      const { pointer, subject } = placeOf(step);
      tell(
        pointer,
        `${subject}, the join "${stateId}" waits in vain: a token that it needs has gone another way.`,
      );
    }
    if (vainStarts.length < net.starts.length) {
      for (const start of vainStarts) {
        tell(
          join.state.pointer,
          `Where its scope is entered in "${start}", the join "${stateId}" waits in vain: nothing brings all of its tokens.`,
        );
      }
    }
    return [...told.values()];
  });

function placeOf({ node, exit }: Step): { readonly pointer: string; readonly subject: string } {
  if (exit !== undefined)
    return { pointer: exit.entry.pointer, subject: `${exit.entry.label}: where it is taken` };
  const { pointer, label } = node.state;
  const what = node.kind === "fork" ? "where its conditions leave out a way" : "when it goes on";
  return { pointer, subject: `${label}: ${what}` };
}
