import type { Json } from "../json/json.js";

/** What came back, as expressions see it. */
export interface Response {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: Json;
}
