/** API keys as a store keeps them. */
import { expect, test } from "vitest";
import { describeStore } from "./describe-store.js";

const row = (keyId: string, text = "{}") => ({ keyId, hash: `hash of ${keyId}`, text });

describeStore("keys", (current) => {
  test("a key is found by its id alone, and listed by it", async () => {
    const { store } = current();
    for (const keyId of ["b", "a"]) await store.saveKey(row(keyId));
    expect(await store.loadKey("a")).toEqual(row("a"));
    expect(await store.loadKey("A")).toBeUndefined();
    expect((await store.listKeys()).map(({ keyId }) => keyId)).toEqual(["a", "b"]);
  });

  test("what is said of a key may change; its hash stays, also for the next store object", async () => {
    const { store, place } = current();
    await store.saveKey(row("a"));
    await store.saveKey({ ...row("a", '{"revoked":true}'), hash: "another" });
    await store.close();
    const next = place.store();
    await next.open();
    expect(await next.loadKey("a")).toEqual(row("a", '{"revoked":true}'));
  });
});
