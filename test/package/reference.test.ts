/** The reference of the library has every public name, and no other. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { ROOT } from "./installed-package.js";

const page = readFileSync(join(ROOT, "docs/reference/library.md"), "utf8");
const [libraryPart = "", testingPart = ""] = page.split("## `statewright/testing`");

/** What stands in the first column of tables: the names that a table explains. */
const explained = (part: string) =>
  [...part.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`(\[[^\]]+\]|[A-Za-z_]+)[^`]*`/g)].map(([, name = ""]) => name),
  );

const library = exportsOf("src/index.ts");
const testing = exportsOf("src/testing.ts");
const methods = publicMembersOf("src/runtime/engine.ts", "Engine");

describe("the reference of the library", () => {
  test.each(library)("explains %s", (name) => expect(explained(libraryPart)).toContain(name));

  test.each(testing)("explains %s of the testing kit", (name) => {
    expect(explained(testingPart)).toContain(name);
  });

  test.each(methods)("explains the engine's %s", (name) => expect(explained(libraryPart)).toContain(name));

  test("explains no name that is not there", () => {
    const options = publicMembersOf("src/engine.ts", "EngineOptions");
    const events = publicMembersOf("src/runtime/watch/engine-events.ts", "EngineEvents");
    const known = new Set([...library, ...methods, ...options, ...events, "statewright"]);
    expect(explained(libraryPart).filter((name) => !known.has(name))).toEqual([]);
    expect(explained(testingPart).filter((name) => !testing.includes(name))).toEqual([]);
    expect(options.filter((name) => !explained(libraryPart).includes(name))).toEqual([]);
  });
});

function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(join(ROOT, path), "utf8"), ts.ScriptTarget.Latest, true);
}

/** The names that a module exports, by list or at their declaration. */
function exportsOf(path: string): string[] {
  return parse(path).statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement)) {
      const { exportClause } = statement;
      if (exportClause === undefined || !ts.isNamedExports(exportClause)) {
        throw new Error(`${path} exports something without naming it.`);
      }
      return exportClause.elements.map((element) => element.name.text);
    }
    const isNamed = ts.isFunctionDeclaration(statement) || ts.isInterfaceDeclaration(statement);
    const isExported =
      isNamed && statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
    return isExported && statement.name !== undefined ? [statement.name.text] : [];
  });
}

/** The names of a class's or interface's members that are not private. */
function publicMembersOf(path: string, name: string): string[] {
  for (const statement of parse(path).statements) {
    if (!ts.isClassDeclaration(statement) && !ts.isInterfaceDeclaration(statement)) continue;
    if (statement.name?.text !== name) continue;
    const names = [...statement.members].flatMap((member) =>
      member.name === undefined || ts.isPrivateIdentifier(member.name) ? [] : [member.name.getText()],
    );
    return [...new Set(names)];
  }
  throw new Error(`${path} has no ${name}.`);
}
