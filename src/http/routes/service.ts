/** What looks after the server itself: is it alive, does it take work, what is its contract. */
import { ANY_OBJECT, oneOfWords, openObject } from "../contract/schema-parts.js";
import type { Route } from "../route.js";

const HEALTH = openObject("Health", "How the server is.", { status: oneOfWords(["ok", "stopping"]) }, [
  "status",
]);

export interface ServiceState {
  /** False from the moment at which the server is asked to stop. */
  readonly isReady: () => boolean;
  readonly document: () => unknown;
}

export function serviceRoutes({ isReady, document }: ServiceState): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/health/live",
      operationId: "isAlive",
      tag: "service",
      summary: "Whether the process answers.",
      needs: "anyone",
      answers: { 200: { description: "It does.", schema: HEALTH } },
      errors: [],
      handle: async () => ({ status: 200, body: { status: "ok" } }),
    },
    {
      method: "GET",
      path: "/health/ready",
      operationId: "isReady",
      tag: "service",
      summary: "Whether the server takes work.",
      needs: "anyone",
      answers: {
        200: { description: "It does.", schema: HEALTH },
        503: { description: "It is about to stop.", schema: HEALTH },
      },
      errors: [],
      handle: async () =>
        isReady() ? { status: 200, body: { status: "ok" } } : { status: 503, body: { status: "stopping" } },
    },
    {
      method: "GET",
      path: "/openapi.json",
      operationId: "getContract",
      tag: "service",
      summary: "The contract of this interface: OpenAPI 3.1.",
      needs: "anyone",
      answers: { 200: { description: "The document.", schema: ANY_OBJECT } },
      errors: [],
      handle: async () => ({ status: 200, body: document() }),
    },
  ];
}
