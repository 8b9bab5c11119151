import type { Rule, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";
import { type InboundEntry, inboundWebhooks } from "./inbound-webhooks.js";

/** A message finds its instance by a value that both have; one that starts an instance finds none. */
export const correlation: Rule = ({ survey }) =>
  inboundWebhooks(survey).flatMap((entry) => (entry.isStart ? meaningless(entry) : missing(entry)));

function missing({ webhook, pointer, label }: InboundEntry): RuleFinding[] {
  const absent = (["correlate", "message"] as const).filter((name) => webhook[name] === undefined);
  if (absent.length === 0) return [];
  const names = absent.map((name) => `"${name}"`).join(" and ");
  return [
    finding("NO_CORRELATION", pointer, `${label}: the webhook has no ${names} and would find no instance.`, {
      hint: 'Write, for example, "correlate": "$data.orderId" and "message": "message.body.orderId".',
    }),
  ];
}

function meaningless({ webhook, pointer, label }: InboundEntry): RuleFinding[] {
  return (["correlate", "message"] as const)
    .filter((name) => webhook[name] !== undefined)
    .map((name) =>
      finding(
        "NO_MEANING",
        `${pointer}/${name}`,
        `${label}: "${name}" means nothing in a start, which is for no instance.`,
        {
          severity: "warning",
        },
      ),
    );
}
