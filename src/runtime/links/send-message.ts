/**
 * Sends a message: an event of the instance it names, or the start of every machine that begins with it. One that nobody
 * takes comes back to its sender as an incident, and is not sent again.
 */
import { StatewrightError } from "../../core/errors.js";
import { canonicalJson } from "../../core/json/canonical-json.js";
import { RefusedError } from "../../core/refused.js";
import { admit } from "../door.js";
import { BY_ENGINE, internalKey, type Link, type LinkOutcome, type LinkWorld } from "./link.js";
import { startAll } from "./start-all.js";

type MessageLink = Link<"send-message">;

export async function sendMessage(world: LinkWorld, link: MessageLink): Promise<LinkOutcome> {
  const { message, to } = link.effect;
  const refusal = to === undefined ? await startOnMessage(world, link) : await sendTo(world, link, to);
  if (refusal === undefined) return "asked";
  const where = to === undefined ? "" : ` to instance "${to}"`;
  await world.instances.submit({
    instanceId: link.row.instanceId,
    command: {
      type: "deliveryFailed",
      effect: { seq: link.row.seq, ordinal: link.row.ordinal },
      message: `Message "${message}" could not be delivered${where}: ${refusal}`,
      ...BY_ENGINE,
    },
  });
  return "ended";
}

/** Why it was not taken. */
async function sendTo(world: LinkWorld, { effect }: MessageLink, to: string): Promise<string | undefined> {
  const draft = {
    type: "event",
    eventId: effect.message,
    data: effect.data,
    variables: {},
    ...BY_ENGINE,
  } as const;
  const { type, eventId, data } = draft;
  const fingerprint = world.ports.sha256(canonicalJson({ type, eventId, data }));
  try {
    const outcome = await world.instances.submit({
      instanceId: to,
      command: admit(to, draft, undefined),
      idempotency: { key: internalKey("message", effect.key), fingerprint },
    });
    return outcome.outcome === "rejected" ? outcome.rejection.message : undefined;
  } catch (error) {
    if (error instanceof RefusedError) return error.message;
    if (error instanceof StatewrightError && error.code === "INSTANCE_UNKNOWN") return error.message;
    throw error;
  }
}

/** Why nothing started, or not everything that should have. */
async function startOnMessage(world: LinkWorld, { effect }: MessageLink): Promise<string | undefined> {
  const { key, message, data } = effect;
  const { started, refused } = await startAll(world, {
    kind: "message",
    name: message,
    key,
    data,
    ...BY_ENGINE,
  });
  if (refused.length > 0) return refused.map(({ rejection }) => rejection.message).join(" ");
  return started.length > 0
    ? undefined
    : "no published state machine starts on it, and it names no instance.";
}
