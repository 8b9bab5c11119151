import { parseDuration } from "../../../duration/parse-duration.js";
import { compileExpression } from "../../../expression/compile-expression.js";
import { parseHookPath } from "../../../inbound/hook-path.js";
import { canonicalJson } from "../../../json/canonical-json.js";
import type { Json } from "../../../json/json.js";
import type { Rule, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";
import { type InboundEntry, inboundWebhooks } from "./inbound-webhooks.js";

const MAX_TOLERANCE_MS = 24 * 3_600_000;

const METHODS = ["secret", "hmac", "bearer", "basic"] as const;

/** A sender proves who it is in one way, which is the same at all of a machine's webhooks of one path. */
export const senders: Rule = ({ survey }) => {
  const entries = inboundWebhooks(survey);
  return [
    ...entries.flatMap((entry) => [
      ...oneMethod(entry),
      ...verified(entry),
      ...signed(entry),
      ...variables(entry),
    ]),
    ...conflicts(entries),
  ];
};

function oneMethod({ webhook: { verify }, pointer, label }: InboundEntry): RuleFinding[] {
  if (verify === undefined) return [];
  const named = METHODS.filter((method) => verify[method] !== undefined);
  if (named.length !== 1) {
    const sentence = `${label}: "verify" has ${named.length === 0 ? "none" : named.join(" and ")} of ${METHODS.join(", ")}.`;
    return [finding("NOT_ONE_OF", `${pointer}/verify`, sentence, { hint: "Leave exactly one." })];
  }
  if (verify.tolerance === undefined) return [];
  if (verify.secret !== undefined) return tolerable(verify.tolerance, pointer, label);
  const sentence = `${label}: "tolerance" means nothing with ${named[0]}, which signs no time.`;
  return [finding("NO_MEANING", `${pointer}/verify/tolerance`, sentence, { severity: "warning" })];
}

/** Within that time a message could be sent again by others: it must not outlast the memory of what was taken. */
function tolerable(tolerance: string, pointer: string, label: string): RuleFinding[] {
  const parsed = parseDuration(tolerance);
  const fault = !parsed.ok
    ? parsed.message
    : parsed.duration.addTo(0) > MAX_TOLERANCE_MS
      ? `"tolerance" must be at most a day, and is "${tolerance}".`
      : undefined;
  return fault === undefined
    ? []
    : [finding("INVALID_DURATION", `${pointer}/verify/tolerance`, `${label}: ${fault}`)];
}

function verified({ webhook, pointer, label }: InboundEntry): RuleFinding[] {
  if (webhook.verify !== undefined) return [];
  const sentence = `${label}: whoever knows the path "${webhook.path}" can send this webhook.`;
  return [
    finding("UNVERIFIED_WEBHOOK", pointer, sentence, {
      hint: 'Say with "verify" how its sender proves who it is.',
    }),
  ];
}

/** Signatures cover the body: a message that was seen could be sent again to another path. */
function signed({ webhook, pointer, label }: InboundEntry): RuleFinding[] {
  const { verify, message } = webhook;
  if ((verify?.secret === undefined && verify?.hmac === undefined) || message === undefined) return [];
  const compiled = compileExpression(message);
  const parts = compiled.ok ? compiled.expression.references.map(([, part]) => part) : [];
  const unsigned = parts.find((part) => part === "params" || part === "query" || part === "headers");
  if (unsigned === undefined) return [];
  const sentence = `${label}: the signature does not cover message.${unsigned}, by which the instance is found.`;
  return [
    finding("UNSIGNED_VALUE", `${pointer}/message`, sentence, { hint: "Take the value of message.body." }),
  ];
}

function variables({ webhook, pointer, label }: InboundEntry): RuleFinding[] {
  const names = parseHookPath(webhook.path).segments.flatMap((each) =>
    each.kind === "variable" ? [each.name] : [],
  );
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return [];
  return [
    finding("INVALID_VALUE", `${pointer}/path`, `${label}: the path has the variable ":${twice}" twice.`),
  ];
}

function conflicts(entries: readonly InboundEntry[]): RuleFinding[] {
  const first = new Map<string, InboundEntry>();
  const findings: RuleFinding[] = [];
  for (const entry of entries) {
    const { route } = parseHookPath(entry.webhook.path);
    const other = first.get(route);
    if (other === undefined) first.set(route, entry);
    else if (verifyText(other) !== verifyText(entry)) {
      const sentence = `${entry.label}: senders at "${entry.webhook.path}" are verified otherwise than at ${other.pointer}.`;
      const hint = 'Write the same "verify" at both, or give one of them another path.';
      findings.push(finding("WEBHOOK_CONFLICT", entry.pointer, sentence, { hint }));
    }
  }
  return findings;
}

function verifyText({ webhook }: InboundEntry): string {
  return canonicalJson((webhook.verify ?? null) as unknown as Json);
}
