/** Relative links and heading anchors of a Markdown text; fenced blocks and code spans hold neither. */

export interface MarkdownLink {
  /** From 1. */
  readonly line: number;
  /** As written. */
  readonly link: string;
  /** Empty when the link stays in its document. */
  readonly target: string;
  /** Without `#`; empty when there is none. */
  readonly anchor: string;
}

const INLINE = /\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g;
const REFERENCE = /^\[[^\]]+\]:\s+<?([^\s>]+)>?/g;
const ADDRESS = /^([a-z][a-z0-9+.-]*:|\/\/)/i;

/** In the order of the text. */
export function linksOf(text: string): MarkdownLink[] {
  return proseLines(text).flatMap(({ line, content }) => {
    const bare = content.replace(/`[^`]*`/g, "");
    const links = [...bare.matchAll(INLINE), ...bare.matchAll(REFERENCE)].map((match) => match[1] ?? "");
    return links
      .filter((link) => !ADDRESS.test(link))
      .map((link) => {
        const [target = "", anchor = ""] = link.split("#");
        return { line, link, target: decodeURIComponent(target), anchor: decodeURIComponent(anchor) };
      });
  });
}

/** The anchors of all headings; a repeated one gets a number. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const { content } of proseLines(text)) {
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(content)?.[1];
    if (heading === undefined) continue;
    const anchor = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-");
    let unique = anchor;
    for (let count = 1; anchors.has(unique); count += 1) unique = `${anchor}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}

function proseLines(text: string): { readonly line: number; readonly content: string }[] {
  let fence: string | undefined;
  return text.split("\n").flatMap((content, index) => {
    const mark = /^\s*(`{3,}|~{3,})/.exec(content)?.[1];
    if (fence === undefined) {
      if (mark !== undefined) fence = mark;
      return mark === undefined ? [{ line: index + 1, content }] : [];
    }
    if (mark?.startsWith(fence)) fence = undefined;
    return [];
  });
}
