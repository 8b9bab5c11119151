import { expect, test } from "vitest";
import { describeStore } from "./describe-store.js";
import { openedWithLease } from "./places.js";

describeStore("settings", (current) => {
  test("what is kept first under a name stays, whoever says something else later", async () => {
    const { store } = current();
    expect(await store.keepSetting("one", "first")).toBe("first");
    expect(await store.keepSetting("one", "second")).toBe("first");
    expect(await store.keepSetting("other", "ä\n")).toBe("ä\n");
  });

  test("it is found again by the next store on the same place", async () => {
    const { place, store } = current();
    await store.keepSetting("one", "first");
    await store.close();
    const { store: next } = await openedWithLease(place, "other");
    expect(await next.keepSetting("one", "second")).toBe("first");
  });
});
