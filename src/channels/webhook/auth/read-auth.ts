/** Reads the rendered `auth` and `sign` of a webhook. All failures are final: they are the same for every try. */
import { isJsonObject, type Json, type JsonObject } from "../../../core/json/json.js";
import { unusableRequest } from "../send-failure.js";
import { readReference, type SecretReference } from "./secret-values.js";

export type Auth =
  | { readonly kind: "bearer"; readonly token: SecretReference }
  | { readonly kind: "basic"; readonly username: SecretReference; readonly password: SecretReference }
  | { readonly kind: "header"; readonly name: string; readonly value: SecretReference }
  | {
      readonly kind: "oauth2";
      readonly tokenUrl: string;
      readonly clientId: SecretReference;
      readonly clientSecret: SecretReference;
      readonly scope: string | undefined;
    };

const KINDS = ["bearer", "basic", "header", "oauth2"] as const;

/** @throws SendFailure */
export function readAuth(given: Json | undefined): Auth | undefined {
  if (given === undefined || given === null) return undefined;
  const names = isJsonObject(given) ? Object.keys(given).filter((name) => !name.startsWith("x-")) : [];
  const kind = KINDS.find((word) => word === names[0]);
  if (!isJsonObject(given) || kind === undefined || names.length !== 1) {
    throw unusableRequest(`"auth" must be one of ${KINDS.join(", ")}.`);
  }
  const settings = given[kind];
  if (kind === "bearer") return { kind, token: readReference(settings, "auth.bearer") };
  if (settings === undefined || !isJsonObject(settings))
    throw unusableRequest(`"auth.${kind}" must be an object.`);
  const secret = (name: string) => readReference(settings[name], `auth.${kind}.${name}`);
  if (kind === "basic") return { kind, username: secret("username"), password: secret("password") };
  if (kind === "header") return { kind, name: textOf(settings, "name", kind), value: secret("value") };
  return {
    kind,
    tokenUrl: textOf(settings, "tokenUrl", kind),
    clientId: secret("clientId"),
    clientSecret: secret("clientSecret"),
    scope: settings.scope === undefined ? undefined : textOf(settings, "scope", kind),
  };
}

/** The signing secrets, at least one; `undefined` where nothing is signed. @throws SendFailure */
export function readSign(given: Json | undefined): readonly SecretReference[] | undefined {
  if (given === undefined || given === null) return undefined;
  const secret = isJsonObject(given) ? given.secret : undefined;
  const all: readonly Json[] = Array.isArray(secret) ? secret : [secret as Json];
  if (all.length === 0) throw unusableRequest('"sign.secret" is an empty list.');
  return all.map((one) => readReference(one, "sign.secret"));
}

function textOf(settings: JsonObject, name: string, kind: string): string {
  const value = settings[name];
  if (typeof value === "string" && value !== "") return value;
  throw unusableRequest(`"auth.${kind}.${name}" is missing or not a text.`);
}
