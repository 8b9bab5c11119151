/**
 * Notifications to people. This version writes all of them to the log (`console`), one structured line each.
 *
 * 1. A channel that is not configured is no failure: the notification goes to the log, is marked so there and in the
 *    response, and counts as done.
 * 2. A line names the template and the names of the data, never the values: they may be sensitive.
 */
import { isJsonObject, type Json, type JsonObject } from "../../core/json/json.js";
import type { Channel, ChannelOutcome, ChannelRequest } from "../../ports/channel.js";
import type { Logger } from "../../ports/logger.js";

export interface NotificationSettings {
  /** What is known beside `console`, by name. */
  readonly channels: { readonly [name: string]: { readonly kind: "console" } };
  readonly logger: Logger;
}

/** Request settings, rendered: `{ channel?, template?, data?, … }`; without a channel it is `console`. */
export function notificationChannel(settings: NotificationSettings): Channel {
  return {
    kind: "notification",
    send: async (request) => write(settings, request),
    close: async () => {},
  };
}

function write({ channels, logger }: NotificationSettings, request: ChannelRequest): ChannelOutcome {
  const { settings } = request;
  const channel = textOf(settings.channel) ?? "console";
  const template = textOf(settings.template) ?? null;
  const isConfigured = channel === "console" || Object.hasOwn(channels, channel);
  const details: JsonObject = {
    channel,
    template,
    data: dataNames(settings),
    instanceId: request.instanceId,
    stateMachineId: request.stateMachineId,
    idempotencyKey: request.idempotencyKey,
    ...(isConfigured ? {} : { notConfigured: true }),
  };
  if (isConfigured) logger.info("Notification", details);
  else logger.warn(`Notification for the channel "${channel}", which is not configured`, details);
  const body: JsonObject = {
    channel: "console",
    template,
    ...(isConfigured ? {} : { requested: channel, notConfigured: true }),
  };
  return { outcome: "completed", response: { status: 200, headers: {}, body } };
}

function dataNames(settings: JsonObject): readonly string[] {
  const { channel: _channel, template: _template, data, ...others } = settings;
  return [...Object.keys(others), ...(isJsonObject(data) ? Object.keys(data) : [])];
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
