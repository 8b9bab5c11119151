/**
 * `<if>`, `<elseif>`, `<else>`. Which branch is taken is decided once, before anything in it is executed: where a branch
 * could change what the conditions read, the decision is kept in a property of its own.
 */
import { conditionText } from "../expression/condition-text.js";
import { constantOf, valueTemplate } from "../expression/value-template.js";
import { readScript } from "../read/read-script.js";
import { isScxml } from "../read/scxml-element.js";
import type { XmlElement } from "../read/xml-element.js";
import type { ActionList, Execute, Guard } from "./action-list.js";

interface Branch {
  readonly element: XmlElement;
  /** Undefined for `<else>`. */
  readonly source: string | undefined;
  readonly content: XmlElement[];
}

interface Decided {
  /** In the language of conditions; `true` for `<else>`. */
  readonly condition: string;
  readonly reads: ReadonlySet<string>;
  readonly content: readonly XmlElement[];
}

export function executeIf(list: ActionList, element: XmlElement, guard: Guard, execute: Execute): boolean {
  const decided = decide(list, branchesOf(element), guard).filter(
    ({ condition }) => constantOf(condition) !== false,
  );
  const [first] = decided;
  if (first === undefined) return true;
  if (constantOf(first.condition) === true) return execute(list, first.content, guard);
  const conditions = isChangedOnTheWay(decided) ? keepDecision(list, decided, guard) : exclusive(decided);
  // A branch that always fails is left where it fails; what follows the <if> is executed all the same.
  for (const [at, { content }] of decided.entries()) {
    execute(list, content, [...guard, conditions[at] ?? "false"]);
  }
  return true;
}

function branchesOf(element: XmlElement): Branch[] {
  const branches: Branch[] = [{ element, source: element.attributes.get("cond") ?? "", content: [] }];
  for (const child of element.children) {
    if (isScxml(child, "elseif")) {
      branches.push({ element: child, source: child.attributes.get("cond") ?? "", content: [] });
    } else if (isScxml(child, "else")) {
      branches.push({ element: child, source: undefined, content: [] });
    } else branches.at(-1)?.content.push(child);
  }
  return branches;
}

/** A condition that fails raises its error and does not hold. */
function decide(list: ActionList, branches: readonly Branch[], guard: Guard): Decided[] {
  const decided: Decided[] = [];
  for (const { element, source, content } of branches) {
    if (source === undefined) {
      decided.push({ condition: "true", reads: new Set(), content });
      continue;
    }
    const rewritten = list.rewrite(source, element.place, "The condition");
    if (rewritten.kind === "certain-error") {
      list.fail(element.place, guard, `The condition fails (${rewritten.message})`);
    } else if (rewritten.kind === "expression") {
      decided.push({ condition: conditionText(rewritten.text), reads: rewritten.reads, content });
    }
  }
  return decided;
}

/** Each condition together with the denial of those before it. */
function exclusive(decided: readonly Decided[]): string[] {
  return decided.map(({ condition }, at) => {
    const denied = decided.slice(0, at).map((other) => `!(${other.condition})`);
    const own = condition === "true" ? [] : [denied.length === 0 ? condition : `(${condition})`];
    return [...denied, ...own].join(" && ") || "true";
  });
}

function keepDecision(list: ActionList, decided: readonly Decided[], guard: Guard): string[] {
  const property = list.conversion.properties.unique("branch");
  const chain = decided.map(({ condition }, at) =>
    condition === "true" ? `${at + 1}` : `(${condition}) ? ${at + 1} : `,
  );
  const isClosed = decided.at(-1)?.condition === "true";
  list.assign({ [property]: valueTemplate(`${chain.join("")}${isClosed ? "" : "0"}`) }, guard);
  return decided.map((_, at) => `data.${property} === ${at + 1}`);
}

function isChangedOnTheWay(decided: readonly Decided[]): boolean {
  const [only, ...others] = decided;
  if (only !== undefined && others.length === 0 && only.content.length <= 1 && !only.content.some(isNested))
    return false;
  const reads = new Set(decided.flatMap((branch) => [...branch.reads]));
  return decided.some(({ content }) => content.some((element) => changes(element, reads)));
}

function isNested(element: XmlElement): boolean {
  return ["if", "foreach", "script"].includes(element.name);
}

function changes(element: XmlElement, names: ReadonlySet<string>): boolean {
  const { attributes, children } = element;
  const set = ["location", "idlocation", "item", "index"].map((name) => attributes.get(name)?.trim());
  if (isScxml(element, "script")) {
    const script = readScript(element.text);
    if (script.ok) set.push(...script.steps.map(({ name }) => name));
  }
  return (
    set.some((name) => name !== undefined && names.has(name)) ||
    children.some((child) => changes(child, names))
  );
}
