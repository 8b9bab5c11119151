/** What no schema expects: values that are JSON and odd, and values that are no JSON, as careless programs give them. */
import fc from "fast-check";

/** Names that a prototype has, that are empty, or that a text can hold and a person would not write. */
export const ODD_NAMES = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "toJSON",
  "then",
  "length",
  "",
  " ",
  "a/b~c",
  "$data.x",
  "${data}",
  "🙂",
  "\u2028",
  "\ufeff",
  "\ud83d",
  "a\0b",
  "\u0007",
  "x".repeat(300),
] as const;

function nested(depth: number, isList: boolean): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = isList ? [value] : { in: value };
  return value;
}

function cyclic(): unknown {
  const loop: { [name: string]: unknown } = { list: [1] };
  loop.again = { loop };
  return loop;
}

class Account {
  readonly owner = "ada";
  toJSON(): unknown {
    throw new Error("not for you");
  }
}

/** Each made anew, because some of them are changed on their way. */
const MAKERS: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => true,
  () => 0,
  () => -0,
  () => 1e308,
  () => 5e-324,
  () => 2 ** 53 + 2,
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => 10n,
  () => Symbol("s"),
  () => () => 1,
  () => new Date(0),
  () => new Date(Number.NaN),
  () => new Map([["a", 1]]),
  () => new Uint8Array(3),
  () => Buffer.from("abc"),
  () => new Account(),
  () => new Error("inside"),
  () => Promise.resolve(1),
  () => Object.create(null) as unknown,
  () => Object.create({ inherited: 1 }) as unknown,
  () => new String("boxed"),
  () => new Array(5),
  () => new Array(2 ** 31),
  () =>
    new Proxy(
      { a: 1 },
      {
        ownKeys: () => {
          throw new Error("trap");
        },
      },
    ),
  () => ({
    get a() {
      throw new Error("getter");
    },
  }),
  () => JSON.parse('{"__proto__":{"isAdmin":true}}') as unknown,
  () => JSON.parse('{"constructor":{"prototype":{"isAdmin":true}}}') as unknown,
  () => "a\0b",
  () => "\ud83d",
  () => "\udc00x",
  () => "🙂\u2028",
  () => "x".repeat(300 * 1024),
  () => "ü".repeat(140 * 1024),
  () => nested(60, false),
  () => nested(100, false),
  () => nested(100, true),
  () => nested(20_000, true),
  () => Object.fromEntries(Array.from({ length: 9_000 }, (_, at) => [`k${at}`, 0])),
  () => Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`k${at}`, 0])),
  () => Array.from({ length: 140_000 }, () => 0),
  cyclic,
];

const made: fc.Arbitrary<unknown> = fc.constantFrom(...MAKERS).map((make) => make());

/** A value of any kind. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: made },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
  { weight: 1, arbitrary: fc.double() },
);

export const oddName: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...ODD_NAMES),
  fc.string({ unit: "binary", maxLength: 12 }),
);

/** An object with odd names and odd values; `names` are mixed in, so that some of it is what a machine knows. */
export function oddObject(names: readonly string[]): fc.Arbitrary<unknown> {
  const name = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...names) },
    { weight: 1, arbitrary: oddName },
  );
  return fc.array(fc.tuple(name, oddValue), { maxLength: 4 }).map((members) => {
    const object = {};
    for (const [key, value] of members) {
      // As JSON.parse makes it: `__proto__` too is an own property then.
      Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
    }
    return object;
  });
}
