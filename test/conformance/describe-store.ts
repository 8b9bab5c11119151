/** Gives a group of rules a fresh store, opened and leased, for each rule, on every kind of store there is. */
import { afterEach, beforeEach, describe } from "vitest";
import type { Lease, Store } from "../../src/ports/store.js";
import { openedWithLease, type Place, STORE_KINDS, type StoreKind } from "./places.js";

export interface StoreUnderTest {
  readonly kind: StoreKind;
  readonly place: Place;
  readonly store: Store;
  readonly lease: Lease;
}

/** `rules` declares the tests; `current()` may be called inside them only. */
export function describeStore(subject: string, rules: (current: () => StoreUnderTest) => void): void {
  for (const kind of STORE_KINDS) {
    describe(`${subject}: ${kind.name}`, () => {
      let underTest: StoreUnderTest | undefined;

      beforeEach(async () => {
        const place = kind.make();
        underTest = { kind, place, ...(await openedWithLease(place)) };
      });
      afterEach(async () => {
        await underTest?.place.remove();
        underTest = undefined;
      });

      rules(() => {
        if (underTest === undefined) throw new Error("There is a store only inside a test.");
        return underTest;
      });
    });
  }
}
