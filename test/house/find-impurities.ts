/**
 * Finds what the layers inside the ports must not use and what no lint rule can name: the clock, randomness and the
 * world by ambient names, also as a property (`Math.random`) or through a cast, and asynchrony in the core.
 *
 * Invariants:
 * 1. An ambient name is one that resolves to no declaration in the files themselves: a parameter called `process` is
 *    nobody's process. The TypeScript binder decides, without any library.
 * 2. `mayUseCalendar` allows `Date` as a pure calendar: `new Date(x)` with an argument and `Date.UTC`, never the present.
 */
import ts from "typescript";

export interface Purity {
  readonly mayBeAsync: boolean;
  readonly mayUseCalendar: boolean;
}

export interface Impurity {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly found: string;
}

const AMBIENT = new Set([
  "Date",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "clearTimeout",
  "clearInterval",
  "clearImmediate",
  "queueMicrotask",
  "performance",
  "crypto",
  "fetch",
  "XMLHttpRequest",
  "WebSocket",
  "EventSource",
  "process",
  "console",
  "require",
  "globalThis",
  "global",
  "window",
  "self",
  "eval",
  "Function",
  "fs",
  "net",
]);

/** In the order of the files and of their lines. Paths are read by TypeScript; `purityOf` gets each as it was given. */
export function findImpurities(files: readonly string[], purityOf: (file: string) => Purity): Impurity[] {
  const program = ts.createProgram({
    rootNames: [...files],
    options: { noLib: true, noResolve: true, types: [], target: ts.ScriptTarget.ES2022 },
  });
  const checker = program.getTypeChecker();
  return files.flatMap((file) => {
    const source = program.getSourceFile(file);
    if (source === undefined) throw new Error(`${file} cannot be read.`);
    return impuritiesOf(source, checker, purityOf(file)).map((found) => ({ ...found, file }));
  });
}

function impuritiesOf(
  source: ts.SourceFile,
  checker: ts.TypeChecker,
  purity: Purity,
): Omit<Impurity, "file">[] {
  const found: Omit<Impurity, "file">[] = [];
  const report = (node: ts.Node, what: string): void => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    found.push({ line: line + 1, found: what });
  };
  const visit = (node: ts.Node): void => {
    const module = importedModule(node);
    if (module?.startsWith("node:")) report(node, module);
    if (ts.isIdentifier(node)) {
      const impure = impureName(node, checker, purity);
      if (impure !== undefined) report(node, impure);
    }
    if (!purity.mayBeAsync && isAsynchronous(node, checker)) report(node, "asynchrony");
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function importedModule(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier);
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return textOf(node.arguments[0]);
  }
  if (ts.isImportTypeNode(node)) {
    return ts.isLiteralTypeNode(node.argument) ? textOf(node.argument.literal) : undefined;
  }
  return undefined;
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}

function impureName(name: ts.Identifier, checker: ts.TypeChecker, purity: Purity): string | undefined {
  if (!isReference(name)) return undefined;
  if (name.text === "Math") {
    if (!isAmbient(name, checker) || isNamedMember(name, (member) => member !== "random")) return undefined;
    return "Math.random";
  }
  if (!AMBIENT.has(name.text) || !isAmbient(name, checker)) return undefined;
  if (name.text === "Date" && purity.mayUseCalendar && isCalendar(name)) return undefined;
  const { parent } = name;
  return ts.isPropertyAccessExpression(parent) ? `${name.text}.${parent.name.text}` : name.text;
}

/** Not a member's name, a key, a label or a declaration. */
function isReference(name: ts.Identifier): boolean {
  const { parent } = name;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === name;
  if (ts.isQualifiedName(parent)) return parent.left === name;
  if (ts.isBindingElement(parent)) return parent.initializer === name;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === name;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return false;
  const { name: declared } = parent as ts.Node & { readonly name?: ts.Node };
  return declared !== name || ts.isShorthandPropertyAssignment(parent);
}

function isAmbient(name: ts.Identifier, checker: ts.TypeChecker): boolean {
  const symbol = ts.isShorthandPropertyAssignment(name.parent)
    ? checker.getShorthandAssignmentValueSymbol(name.parent)
    : checker.getSymbolAtLocation(name);
  return (symbol?.declarations ?? []).length === 0;
}

function isNamedMember(name: ts.Identifier, allows: (member: string) => boolean): boolean {
  return ts.isPropertyAccessExpression(name.parent) && allows(name.parent.name.text);
}

function isCalendar(name: ts.Identifier): boolean {
  const { parent } = name;
  if (ts.isNewExpression(parent)) return (parent.arguments ?? []).length > 0;
  return (
    isNamedMember(name, (member) => member === "UTC" || member === "parse") || ts.isTypeReferenceNode(parent)
  );
}

function isAsynchronous(node: ts.Node, checker: ts.TypeChecker): boolean {
  if (node.kind === ts.SyntaxKind.AsyncKeyword || ts.isAwaitExpression(node)) return true;
  if (ts.isForOfStatement(node) && node.awaitModifier !== undefined) return true;
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return true;
  return ts.isIdentifier(node) && node.text === "Promise" && isReference(node) && isAmbient(node, checker);
}
