/**
 * API keys: made, listed and revoked by who runs the database, and asked for by the server.
 *
 * 1. A key that is revoked or has expired is refused with the next request: nothing is remembered between two.
 * 2. A text that is no key by its form never reaches the store; any other costs one look by primary key.
 * 3. What is refused says the same, whatever the reason.
 */

import { StatewrightError } from "../../core/errors.js";
import { canonicalJson } from "../../core/json/canonical-json.js";
import type { Json } from "../../core/json/json.js";
import type { KeyRow, Store } from "../../index.js";
import type { Principal, Role } from "../gate.js";
import { keyIdOf, matchesHash, newKey } from "./api-key.js";
import { ROLES } from "./authorize.js";
import { checkGrants } from "./grants.js";
import { checkTenantName, DEFAULT_TENANT, isActorName } from "./principal-name.js";

export type KeyStore = Pick<Store, "saveKey" | "loadKey" | "listKeys">;

export interface KeyFacts {
  /** The actor of what is done with it. Two keys of one name are the same actor. */
  readonly name: string;
  readonly tenant: string;
  readonly roles: readonly Role[];
  readonly grants: readonly string[];
  readonly groups: readonly string[];
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  readonly expiresAt?: string;
  readonly revokedAt?: string;
}

export interface ListedKey extends KeyFacts {
  readonly keyId: string;
}

export interface KeyRequest {
  readonly name: string;
  readonly tenant?: string;
  readonly roles?: readonly string[];
  readonly grants?: readonly string[];
  readonly groups?: readonly string[];
  readonly expiresAt?: string;
}

export class KeyRing {
  constructor(
    private readonly store: KeyStore,
    private readonly now: () => number = Date.now,
  ) {}

  /** The text of the new key is in the answer, and nowhere else. Throws `USAGE`. */
  async create(request: KeyRequest): Promise<ListedKey & { readonly key: string }> {
    const facts = factsOf(request, new Date(this.now()).toISOString());
    const { keyId, text, hash } = newKey();
    await this.store.saveKey(rowOf(keyId, hash, facts));
    return { keyId, ...facts, key: text };
  }

  /** By id, without their hashes. */
  async list(): Promise<readonly ListedKey[]> {
    return (await this.store.listKeys()).map((row) => ({ keyId: row.keyId, ...readFacts(row) }));
  }

  /** By the id of a key, or the name of all its keys. Returns the ids. Throws `USAGE` where there is none. */
  async revoke(idOrName: string): Promise<readonly string[]> {
    const rows = await this.store.listKeys();
    const meant = rows.filter((row) => row.keyId === idOrName || readFacts(row).name === idOrName);
    if (meant.length === 0) {
      throw new StatewrightError("USAGE", `There is no key "${idOrName}".`, {
        hint: "`statewright keys list` names them.",
      });
    }
    const revokedAt = new Date(this.now()).toISOString();
    for (const row of meant) {
      const facts = readFacts(row);
      if (facts.revokedAt === undefined)
        await this.store.saveKey(rowOf(row.keyId, row.hash, { ...facts, revokedAt }));
    }
    return meant.map(({ keyId }) => keyId);
  }

  /** Throws `UNAUTHENTICATED`. */
  async authenticate(text: string): Promise<Principal> {
    const keyId = keyIdOf(text);
    const row = keyId === undefined ? undefined : await this.store.loadKey(keyId);
    if (row === undefined || !matchesHash(text, row.hash)) throw refused();
    const { name, tenant, roles, grants, groups, expiresAt, revokedAt } = readFacts(row);
    if (revokedAt !== undefined || (expiresAt !== undefined && Date.parse(expiresAt) <= this.now()))
      throw refused();
    const rateKey = `key ${row.keyId}`;
    return { actor: name, tenant, roles, grants, groups, rateKey, source: `http (key ${row.keyId})` };
  }
}

function refused(): StatewrightError {
  return new StatewrightError(
    "UNAUTHENTICATED",
    "The key is not one of this server, or is not valid any more.",
    {
      hint: "Send Authorization: Bearer KEY with a key of `statewright keys create`.",
    },
  );
}

function factsOf(request: KeyRequest, createdAt: string): KeyFacts {
  const { name, tenant = DEFAULT_TENANT, roles = [], grants = [], groups = [], expiresAt } = request;
  if (!isActorName(name)) {
    throw new StatewrightError("USAGE", `"${String(name).slice(0, 100)}" cannot be the name of a key.`, {
      hint: "Name the person or service that uses it; it is the actor in the audit trail.",
    });
  }
  checkTenantName(tenant);
  checkGrants(grants);
  if (roles.length + grants.length === 0) {
    throw new StatewrightError("USAGE", `The key "${name}" could do nothing.`, {
      hint: `Give it a role (${ROLES.join(", ")}) or a grant (MACHINE:start, MACHINE:send:EVENT).`,
    });
  }
  const expiry = expiresAt === undefined ? undefined : Date.parse(expiresAt);
  if (expiry !== undefined && !(expiry > Date.parse(createdAt))) {
    throw new StatewrightError("USAGE", `The key would have expired already: "${expiresAt}".`, {
      hint: "Give an instant that is still to come, for example 2030-01-31T00:00:00Z.",
    });
  }
  return {
    name,
    tenant,
    roles: roles.map(roleNamed),
    grants,
    groups,
    createdAt,
    ...(expiry === undefined ? {} : { expiresAt: new Date(expiry).toISOString() }),
  };
}

function roleNamed(name: string): Role {
  const role = ROLES.find((each) => each === name);
  if (role !== undefined) return role;
  throw new StatewrightError("USAGE", `There is no role "${name}".`, {
    hint: `Roles are ${ROLES.join(", ")}.`,
  });
}

function rowOf(keyId: string, hash: string, facts: KeyFacts): KeyRow {
  return { keyId, hash, text: canonicalJson(facts as unknown as Json) };
}

function readFacts({ text }: KeyRow): KeyFacts {
  return JSON.parse(text) as KeyFacts;
}
