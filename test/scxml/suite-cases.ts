/** The cases of the SCXML suites as they lie in the package that brings them: charts, and what is expected of them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export interface SuiteEvent {
  readonly event: { readonly name: string; readonly data?: unknown };
  readonly nextConfiguration: readonly string[];
  /** Milliseconds that pass before the event. */
  readonly after?: number;
}

export interface SuiteCase {
  /** `group/name`, as in the ledger. */
  readonly id: string;
  readonly group: string;
  readonly text: string;
  /** Absent where the suite gives none: manual cases, and those that need HTTP. */
  readonly initialConfiguration: readonly string[] | undefined;
  readonly events: readonly SuiteEvent[];
}

/** Tests of the W3C say by themselves whether they pass: they end in a state of that name. */
export const W3C_GROUP = "w3c-ecma";

const root = join(
  dirname(createRequire(import.meta.url).resolve("@scion-scxml/test-framework/package.json")),
  "test",
);

/** All of them in the order of their names; charts that others invoke are no cases of their own. */
export function suiteCases(): SuiteCase[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: group }) =>
      readdirSync(join(root, group))
        .filter((file) => file.endsWith(".scxml") && !/sub\d+\.scxml$/.test(file))
        .map((file) => readCase(group, file)),
    )
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

function readCase(group: string, file: string): SuiteCase {
  const path = join(root, group, file);
  const script = path.replace(/\.scxml$/, ".json");
  const expected = existsSync(script) ? (JSON.parse(readFileSync(script, "utf8")) as Partial<SuiteCase>) : {};
  return {
    id: `${group}/${file.replace(/(\.txml)?\.scxml$/, "")}`,
    group,
    text: readFileSync(path, "utf8"),
    initialConfiguration: expected.initialConfiguration,
    events: expected.events ?? [],
  };
}
