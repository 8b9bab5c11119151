/**
 * The engines of tenants. Each tenant has a database of its own, so that nothing can cross: a request reaches the one
 * engine that its sender's tenant picks, and there is no query that could name another.
 *
 * 1. The tenant `default` is the server's own engine.
 * 2. Another one's is opened with its first request, once, and stays open until `close`; what it has to do by itself
 *    (timers, retries) goes on from then on. `openAll` opens those that are there already.
 * 3. There are `maxTenants` open at most.
 */
import { StatewrightError } from "../../core/errors.js";
import type { Engine } from "../../engine.js";
import { DEFAULT_TENANT, isTenantName } from "./principal-name.js";

export interface TenantOptions {
  /** Opens the engine on the database of a tenant. */
  readonly open: (tenant: string) => Promise<Engine>;
  /** 100 where nothing is said. */
  readonly maxTenants?: number;
}

export class Tenants {
  readonly #engines = new Map<string, Promise<Engine>>();
  #isClosed = false;

  constructor(
    private readonly own: Engine,
    private readonly options: TenantOptions,
  ) {}

  /** Throws `TENANT_UNAVAILABLE`, and what the store says. */
  engineOf(tenant: string = DEFAULT_TENANT): Promise<Engine> {
    if (tenant === DEFAULT_TENANT) return Promise.resolve(this.own);
    const known = this.#engines.get(tenant);
    if (known !== undefined) return known;
    const { open, maxTenants = 100 } = this.options;
    if (this.#isClosed || !isTenantName(tenant) || this.#engines.size >= maxTenants) {
      return Promise.reject(
        new StatewrightError("TENANT_UNAVAILABLE", "There is no place for this tenant on this server.", {
          hint: `Who runs the server can let it serve more than ${maxTenants} (access.maxTenants).`,
        }),
      );
    }
    const opening = open(tenant);
    this.#engines.set(tenant, opening);
    // One that could not be opened may be tried again.
    opening.catch(() => this.#engines.delete(tenant));
    return opening;
  }

  /** Opens those whose databases are there, so that what they have to do goes on without a request. */
  async openAll(tenants: readonly string[]): Promise<void> {
    for (const tenant of tenants) await this.engineOf(tenant);
  }

  /** Closes all but the server's own. */
  async close(options: { readonly graceMs?: number } = {}): Promise<void> {
    this.#isClosed = true;
    const opened = await Promise.allSettled(this.#engines.values());
    this.#engines.clear();
    await Promise.all(
      opened.map((each) => (each.status === "fulfilled" ? each.value.close(options) : undefined)),
    );
  }
}
