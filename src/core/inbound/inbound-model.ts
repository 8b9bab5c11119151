/** Messages from outside, compiled: how one is recognised, whom it is for, and what of it becomes data. */

import type { Condition, Template, ValueExpression } from "../expression/compiled-texts.js";
import type { Json } from "../json/json.js";
import type { Violation } from "../model/schema-port.js";
import type { HookPath } from "./hook-path.js";

export interface InboundModel {
  readonly channel: "webhook";
  /** What instances wait for it by: of a webhook its path, as the definition has it. */
  readonly name: string;
  readonly path: HookPath;
  /** Over `message`. */
  readonly condition: Condition;
  /** Violations of `expectedMessage` in the body. */
  readonly violations: (body: Json) => readonly Violation[];
  /** Over `message`, the event's data; without one it is what of the body somebody declares. */
  readonly data: Template | undefined;
  /** Over `message`, what tells one message from another; without one the channel's own. */
  readonly messageId: ValueExpression | undefined;
  /** Undefined: whoever knows the path may send. */
  readonly verify: VerifyModel | undefined;
}

/** On a transition: an event of the instance whose value the message carries. */
export interface InboundEventModel extends InboundModel {
  /** Over the instance, while it waits. */
  readonly correlate: Template;
  /** Over `message`: what must equal it. */
  readonly value: ValueExpression;
}

/** Everything of a machine that something from outside reaches. */
export type Receiver =
  | {
      readonly kind: "event";
      readonly transitionId: string;
      readonly eventId: string;
      readonly inbound: InboundEventModel;
    }
  | { readonly kind: "start"; readonly stateId: string; readonly inbound: InboundModel };

/** A secret by its name, or as a literal. */
export type SecretValue = string | { readonly secret: string };

/** How a sender proves who it is. Of several secrets, during a rotation, any may be the one that is used. */
export type VerifyModel =
  /** Standard Webhooks: the signature covers the message's id, its time and the body. */
  | {
      readonly method: "standard";
      readonly secrets: readonly SecretValue[];
      readonly toleranceMs: number;
    }
  /** HMAC-SHA-256 of the body in a header. */
  | {
      readonly method: "hmac";
      readonly secrets: readonly SecretValue[];
      readonly header: string;
      readonly encoding: "hex" | "base64";
      readonly prefix: string;
    }
  | { readonly method: "bearer"; readonly secrets: readonly SecretValue[] }
  | { readonly method: "basic"; readonly username: SecretValue; readonly password: SecretValue };
