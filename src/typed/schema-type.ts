/**
 * TypeScript types of JSON Schema (draft-07): `type`, `properties`, `required`, `additionalProperties`, `enum`, `const`,
 * `items`, `oneOf`, `anyOf`, `allOf`. What a type cannot say (formats, bounds) and what is not read (`$ref`, `if`, `not`)
 * is left to validation: the type is then wider, never narrower. A part that is not known literally is `Json`.
 */
import type { Json } from "../core/json/json.js";

/** The values that a schema lets through. */
export type FromSchema<Schema> = Schema extends { readonly const: infer Value }
  ? Value
  : Schema extends { readonly enum: readonly (infer Value)[] }
    ? Value
    : Schema extends { readonly oneOf: readonly (infer Part)[] } | { readonly anyOf: readonly (infer Part)[] }
      ? FromSchema<Part>
      : Schema extends { readonly allOf: readonly (infer Part)[] }
        ? AllOf<Part>
        : Schema extends { readonly type: infer Kind }
          ? OfKind<Schema, Kind extends readonly (infer One)[] ? One : Kind>
          : Schema extends { readonly properties: object }
            ? ObjectOf<Schema>
            : Json;

/** Distributes over the kinds of `type: ["string", "null"]`. */
type OfKind<Schema, Kind> = string extends Kind
  ? Json
  : Kind extends "string"
    ? string
    : Kind extends "number" | "integer"
      ? number
      : Kind extends "boolean"
        ? boolean
        : Kind extends "null"
          ? null
          : Kind extends "array"
            ? ArrayOf<Schema>
            : Kind extends "object"
              ? ObjectOf<Schema>
              : Json;

type AllOf<Part> = (Part extends unknown ? (part: FromSchema<Part>) => void : never) extends (
  part: infer All,
) => void
  ? All
  : Json;

type ArrayOf<Schema> = Schema extends { readonly items: infer Items }
  ? Items extends readonly unknown[]
    ? readonly Json[]
    : readonly FromSchema<Items>[]
  : readonly Json[];

type ObjectOf<Schema> = Schema extends { readonly properties: infer Properties extends object }
  ? Schema extends { readonly additionalProperties: false }
    ? Known<Properties, RequiredOf<Schema>>
    : Known<Properties, RequiredOf<Schema>> & { readonly [name: string]: Json | undefined }
  : Schema extends { readonly additionalProperties: infer More extends object }
    ? { readonly [name: string]: FromSchema<More> }
    : { readonly [name: string]: Json };

type RequiredOf<Schema> = Schema extends { readonly required: readonly (infer Name)[] } ? Name : never;

type Known<Properties, Required> = Flat<
  {
    readonly [Name in keyof Properties as Name extends Required ? Name : never]: FromSchema<Properties[Name]>;
  } & {
    readonly [Name in keyof Properties as Name extends Required ? never : Name]?: FromSchema<
      Properties[Name]
    >;
  }
>;

/** The same object, written out: what editors show. */
export type Flat<Object> = { [Name in keyof Object]: Object[Name] };

/** What a state's schema says at its top level, where more properties are refused unless it allows them. */
export type StateDataOf<Schema> = Schema extends { readonly properties: infer Properties extends object }
  ? AllowsMore<Schema> extends true
    ? Known<Properties, RequiredOf<Schema>> & { readonly [name: string]: Json | undefined }
    : Known<Properties, RequiredOf<Schema>>
  : OpenData;

/** Any data. */
export type OpenData = { readonly [name: string]: Json | undefined };

/** Whether a state's schema lets properties through that it does not name. */
export type AllowsMore<Schema> = Schema extends { readonly properties: object }
  ? Schema extends { readonly additionalProperties: true | object } | { readonly patternProperties: object }
    ? true
    : false
  : true;
