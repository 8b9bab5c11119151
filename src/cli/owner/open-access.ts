/**
 * Access control of `serve`: on as soon as the database has a key, also a revoked one, so that revoking the last key never
 * opens a server. Each tenant's database is `tenants/<name>.db` beside the server's own.
 */
import { dirname, join } from "node:path";
import type { Gate } from "../../http/gate.js";
import type { Engine, EngineOptions } from "../../index.js";

export interface Access {
  /** Absent while anybody may do everything. */
  readonly gate?: Gate;
  close(graceMs: number): Promise<void>;
}

/** `tenantOptions`: what a tenant's engine is made of, beside its store. */
export async function openAccess(
  engine: Engine,
  databasePath: string,
  tenantOptions: Omit<EngineOptions, "store" | "definitions">,
): Promise<Access> {
  const [{ createEngine, sqlite }, { KeyRing }, { accessGate }, { Tenants }] = await Promise.all([
    import("../../index.js"),
    import("../../http/access/key-ring.js"),
    import("../../http/access/access-gate.js"),
    import("../../http/access/tenants.js"),
  ]);
  const store = sqlite(databasePath);
  await store.open();
  const keys = new KeyRing(store);
  if ((await keys.list()).length === 0) {
    await store.close();
    return { close: async () => {} };
  }
  const directory = join(dirname(databasePath), "tenants");
  const tenants = new Tenants(engine, {
    open: async (name) =>
      (await createEngine({ ...tenantOptions, store: sqlite(join(directory, `${name}.db`)) })) as Engine,
  });
  return {
    gate: accessGate({ keys, tenants }),
    close: async (graceMs) => {
      await tenants.close({ graceMs });
      await store.close();
    },
  };
}
