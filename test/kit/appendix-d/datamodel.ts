/**
 * The data of the naive interpreter: counters, and the few conditions and assignments over them that the generated
 * charts use. Anything else throws.
 */
export type Counters = { [name: string]: number };

const ASSIGNMENT = /^\$\{data\.(\w+) \+ (\d+)\}$/;
const COMPARISON = /^data\.(\w+)( % (\d+))? (<|<=|>|>=|===|!==) (\d+)$/;
const IN_STATE = /^(!)?inState\('([^']+)'\)$/;

/** `true`, comparisons of a counter (or its remainder) with a number, `inState('x')`, `!inState('x')`, joined by `&&`. */
export function conditionHolds(
  condition: string,
  data: Counters,
  inState: (stateId: string) => boolean,
): boolean {
  return condition.split(" && ").every((part) => partHolds(part, data, inState));
}

function partHolds(part: string, data: Counters, inState: (stateId: string) => boolean): boolean {
  if (part === "true") return true;
  const asked = IN_STATE.exec(part);
  if (asked !== null) return inState(asked[2] ?? "") === (asked[1] === undefined);
  const compared = COMPARISON.exec(part);
  if (compared === null) throw new Error(`The condition "${part}" is not known here.`);
  const [, name = "", , divisor, operator, bound] = compared;
  const value = data[name];
  if (value === undefined) return false;
  return compare(divisor === undefined ? value : value % Number(divisor), operator, Number(bound));
}

function compare(one: number, operator: string | undefined, other: number): boolean {
  switch (operator) {
    case "<":
      return one < other;
    case "<=":
      return one <= other;
    case ">":
      return one > other;
    case ">=":
      return one >= other;
    case "===":
      return one === other;
    default:
      return one !== other;
  }
}

/** `${data.n + 1}`. */
export function assignedValue(template: unknown, data: Counters): number {
  const parts = typeof template === "string" ? ASSIGNMENT.exec(template) : null;
  const value = data[parts?.[1] ?? ""];
  if (parts === null || value === undefined)
    throw new Error(`The assignment "${template}" is not known here.`);
  return value + Number(parts[2]);
}
