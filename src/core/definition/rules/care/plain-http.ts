import type { Rule } from "../rule.js";
import { finding } from "../rule.js";
import { outwardWebhooks } from "./webhooks.js";

/** What goes to a public host is encrypted. */
export const plainHttp: Rule = ({ definition, survey }) =>
  outwardWebhooks(definition, survey).flatMap(({ webhook, pointer, label }) => {
    const host = /^http:\/\/(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]*)/i.exec(webhook.url ?? "")?.[1];
    if (host === undefined || !isPublicHost(host.toLowerCase())) return [];
    return [
      finding("PLAIN_HTTP", `${pointer}/url`, `${label} goes to "${host}" over plain http.`, {
        hint: "Use https.",
      }),
    ];
  });

/** Hosts that are only known at run time count as local, and so do names and addresses that never leave a network. */
function isPublicHost(host: string): boolean {
  if (host === "" || host.includes("$")) return false;
  if (host.startsWith("[")) return !/^\[(::1|f[cd]|fe[89ab])/.test(host);
  const address = /^(\d+)\.(\d+)\.\d+\.\d+$/.exec(host);
  if (address !== null) return !isPrivateAddress(Number(address[1]), Number(address[2]));
  return (
    host.includes(".") && !/\.(localhost|local|internal|test|example|invalid|lan|home\.arpa)$/.test(host)
  );
}

function isPrivateAddress(first: number, second: number): boolean {
  return (
    first === 10 ||
    first === 127 ||
    first === 0 ||
    (first === 172 && second >= 16 && second < 32) ||
    (first === 192 && second === 168) ||
    (first === 169 && second === 254) ||
    (first === 100 && second >= 64 && second < 128)
  );
}
