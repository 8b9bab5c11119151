import type { ReferencePath, RootName } from "../../../expression/scope.js";
import type { Rule, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";
import { inboundWebhooks } from "./inbound-webhooks.js";

const OF_MESSAGE: ReadonlySet<RootName> = new Set<RootName>(["message"]);
const OF_INSTANCE: ReadonlySet<RootName> = new Set<RootName>(["data", "variables", "instance", "actions"]);

/** What looks at a message sees nothing but it, and what an instance waits with is there before any message. */
export const messageRoots: Rule = ({ survey }) => {
  const findings: RuleFinding[] = [];
  const texts = [
    ...survey.expressions.map(({ pointer, label, expression }) => ({
      pointer,
      label,
      paths: expression?.references,
    })),
    ...survey.templates.map(({ pointer, label, template }) => ({
      pointer,
      label,
      paths: template?.references,
    })),
  ];
  for (const { pointer: place } of inboundWebhooks(survey)) {
    for (const { pointer, label, paths } of texts) {
      if (!pointer.startsWith(`${place}/`)) continue;
      const isCorrelate = pointer === `${place}/correlate`;
      const seen = isCorrelate ? OF_INSTANCE : OF_MESSAGE;
      for (const root of strangers(paths ?? [], seen)) {
        const sees = [...seen].join(", ");
        const sentence = `${label}: "${root}" is not there ${isCorrelate ? "while the instance waits" : "when a message is looked at"}.`;
        findings.push(finding("WRONG_ROOT", pointer, sentence, { hint: `Begin with ${sees}.` }));
      }
    }
  }
  return findings;
};

function strangers(paths: readonly ReferencePath[], seen: ReadonlySet<RootName>): ReadonlySet<RootName> {
  return new Set(paths.map(([root]) => root).filter((root) => !seen.has(root)));
}
