import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { ROUTES } from "./bank/routes.mjs";

interface Action {
  readonly actionId: string;
  readonly trigger?: {
    readonly webhook: { readonly url: string; readonly method: string; readonly payload?: object };
  };
  readonly retryCount?: number;
  readonly onError?: string;
  readonly delivery?: string;
  readonly reconcile?: Action;
}

interface Definition {
  readonly immutable: readonly string[];
  readonly globalCallbackHandler: { readonly webhook: { readonly url: string; readonly method: string } };
  readonly states: readonly {
    readonly stateId: string;
    readonly data?: {
      readonly schema: { readonly properties: object; readonly required: readonly string[] };
    };
    readonly entryActions?: readonly Action[];
    readonly exitActions?: readonly Action[];
  }[];
  readonly transitions: readonly {
    readonly transitionId: string;
    readonly fromStateId: string | readonly string[];
    readonly toStateId: string;
    readonly actions?: readonly Action[];
  }[];
}

function readText(name: string): string {
  return readFileSync(new URL(name, import.meta.url), "utf8");
}

const definition: Definition = JSON.parse(readText("./money-transfer.json"));
const actions = [
  ...definition.states.flatMap((state) => [...(state.entryActions ?? []), ...(state.exitActions ?? [])]),
  ...definition.transitions.flatMap((transition) => transition.actions ?? []),
].flatMap((one) => [one, ...(one.reconcile === undefined ? [] : [one.reconcile])]);

function action(actionId: string): Action {
  const found = actions.find((candidate) => candidate.actionId === actionId);
  if (found === undefined) throw new Error(`The definition has no action "${actionId}".`);
  return found;
}

/** Each arrow of the machine, as "from to". */
function arrows(): string[] {
  return definition.transitions.flatMap(({ fromStateId, toStateId }) =>
    [fromStateId].flat().map((from) => `${from} ${toStateId}`),
  );
}

function validatorOf(stateId: string) {
  const ajv = new Ajv({ strict: true, allowUnionTypes: true });
  addFormats.default(ajv);
  return ajv.compile(definition.states.find((state) => state.stateId === stateId)?.data?.schema ?? false);
}

describe("the definition of the money transfer", () => {
  it("is of the language, by its published schema", () => {
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats.default(ajv);
    const validate = ajv.compile(JSON.parse(readText("../../schema/definition.schema.json")));
    validate(definition);
    expect(validate.errors ?? []).toEqual([]);
  });

  it("has every id once, and its arrows lead from state to state", () => {
    const states = definition.states.map(({ stateId }) => stateId);
    const ids = [
      states,
      actions.map(({ actionId }) => actionId),
      definition.transitions.map(({ transitionId }) => transitionId),
    ];
    for (const list of ids) expect(new Set(list).size).toBe(list.length);
    for (const end of arrows().flatMap((arrow) => arrow.split(" "))) expect(states).toContain(end);
  });

  it("has sound schemas, whose required properties are declared", () => {
    for (const { stateId, data } of definition.states) {
      if (data === undefined) continue;
      expect(() => validatorOf(stateId)).not.toThrow();
      expect(Object.keys(data.schema.properties)).toEqual(expect.arrayContaining([...data.schema.required]));
    }
  });

  it("calls nothing but the bank, and only what the bank answers to", () => {
    const calls = [
      definition.globalCallbackHandler.webhook,
      ...actions.flatMap(({ trigger }) => trigger?.webhook ?? []),
    ];
    expect(calls.length).toBeGreaterThan(5);
    for (const { url, method } of calls) {
      const { origin, pathname } = new URL(url.replace(/\$\{[\w.]+\}/, "id"));
      expect(origin).toBe("http://bank.example");
      expect(ROUTES.some((route) => route.method === method && route.path.test(pathname))).toBe(true);
    }
  });

  it("takes amounts as exact decimal text and nothing else", () => {
    const validate = validatorOf("verify");
    const given = {
      transferId: "7b2c0f0e-3c51-4d0c-9a55-0d6a3f0f4a01",
      customerId: "ada",
      currency: "USD",
      sourceAccount: "ADA00000001",
      destinationAccount: "BEN00000001",
    };
    for (const amount of ["1000.00", "0.01", "7", "1000.5"])
      expect(validate({ ...given, amount })).toBe(true);
    for (const amount of [1000, 0.1 + 0.2, "1.001", "-1", "1e3", "01", ""])
      expect(validate({ ...given, amount })).toBe(false);
  });

  it("never lets what was verified change", () => {
    expect(definition.immutable).toEqual(
      expect.arrayContaining([
        "transferId",
        "customerId",
        "amount",
        "currency",
        "sourceAccount",
        "destinationAccount",
      ]),
    );
  });

  it("posts what the customer has confirmed, and never repeats the call blindly", () => {
    const post = action("postTransfer");
    expect(post).toMatchObject({ delivery: "atMostOnce", retryCount: 0 });
    expect(post.trigger?.webhook.payload).toMatchObject({
      amount: "$data.confirmedAmount",
      destinationAccount: "$data.confirmedPayee",
    });
    expect(arrows()).toContain("process reconcile");
  });

  it.each(["postTransfer", "voidHold"])(
    "has the bank settle the key of %s, when its outcome is unknown",
    (id) => {
      const { delivery, reconcile } = action(id);
      expect(delivery).toBe("atMostOnce");
      expect(reconcile?.trigger?.webhook.url).toBe(
        `http://bank.example/requests/\${actions.${id}.key}/settle`,
      );
      expect(reconcile?.retryCount).toBeGreaterThan(10);
    },
  );

  it("stops with an incident, not in an error state, where money may be held or has moved", () => {
    for (const id of [
      "keepFailure",
      "askBank",
      "keepPosting",
      "countRelease",
      "voidHold",
      "markSuccess",
      "markPartial",
    ]) {
      expect(action(id).onError).toBe("notify");
    }
  });

  it("is drawn in the README as it is", () => {
    const drawn = [...readText("./README.md").matchAll(/^ {2}(\w+) --> (\w+)/gm)].map(
      ([, from, to]) => `${from} ${to}`,
    );
    expect(drawn.toSorted()).toEqual(arrows().toSorted());
  });
});
