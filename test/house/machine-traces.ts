/** Finds what belongs to one machine or one afternoon and not into a repository. */

export interface MachineTrace {
  /** From 1. */
  readonly line: number;
  readonly found: string;
}

// The words are put together from parts, so that this file does not find itself.
const HOME_WORDS = ["home", "Users", "root", "work"].join("|");
const UNFINISHED_WORDS = ["TO", "FIX", "X"]
  .map((start, index) => start + ["DO", "ME", "XX"][index])
  .join("|");

interface TraceRule {
  readonly pattern: RegExp;
  /** Which files are searched; all where nothing is said. */
  readonly files?: RegExp;
}

const RULES: readonly TraceRule[] = [
  // An absolute path of a home or a working directory; not the path of an address, not a relative path.
  { pattern: new RegExp(`(?<![\\w.~/:-])/(${HOME_WORDS})/\\w[\\w.-]*`) },
  { pattern: /\b[A-Z]:\\{1,2}Users\\/ },
  { pattern: /\bregistry\.[a-z]+js\.org|\bregistry\.yarnpkg\b|\/artifactory\// },
  { pattern: /"resolved": "https?:/, files: /(^|\/)package-lock\.json$/ },
  { pattern: new RegExp(`\\b(${UNFINISHED_WORDS})\\b`), files: /^(?!.*package-lock\.json$)/ },
];

/** In the order of the lines. */
export function findMachineTraces(path: string, text: string): MachineTrace[] {
  const rules = RULES.filter(({ files }) => files === undefined || files.test(path));
  return text.split("\n").flatMap((content, index) =>
    rules.flatMap(({ pattern }) => {
      const match = pattern.exec(content);
      return match === null ? [] : [{ line: index + 1, found: match[0] }];
    }),
  );
}
