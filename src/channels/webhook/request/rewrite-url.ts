import { StatewrightError } from "../../../core/errors.js";

export interface RewriteRule {
  readonly from: string;
  readonly to: string;
}

/**
 * Makes the mapping of URLs by prefix: of the rules whose origin is the URL's and whose path is a prefix of the URL's
 * (up to a slash), the one with the longest path is applied, once. The query stays.
 *
 * @throws StatewrightError `USAGE` for a rule that is not a pair of http(s) URLs without query and credentials.
 */
export function urlRewriter(rules: readonly RewriteRule[]): (url: URL) => URL {
  const prefixes = rules
    .map((rule) => ({ from: parsePrefix(rule.from), to: parsePrefix(rule.to) }))
    .sort((one, other) => other.from.path.length - one.from.path.length);
  return (url) => {
    const match = prefixes.find(
      ({ from }) => url.origin === from.origin && `${url.pathname}/`.startsWith(`${from.path}/`),
    );
    if (match === undefined) return url;
    const rewritten = new URL(match.to.origin);
    rewritten.pathname = match.to.path + url.pathname.slice(match.from.path.length);
    rewritten.search = url.search;
    return rewritten;
  };
}

function parsePrefix(text: string): { readonly origin: string; readonly path: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== "" || url.username !== "") {
    throw new StatewrightError("USAGE", `"${text}" is no prefix that a URL can be rewritten by.`, {
      hint: 'Write an origin, or an origin and a path, for example "http://example.com=http://127.0.0.1:9001".',
    });
  }
  return { origin: url.origin, path: url.pathname.replace(/\/+$/, "") };
}
