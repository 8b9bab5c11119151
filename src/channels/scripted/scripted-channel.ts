/**
 * A channel whose answers are written down beforehand: for tests of definitions, where no address is called. It keeps every
 * request in the order in which it came.
 *
 * Invariants:
 * 1. The last answer that was given for a place holds; what has none is answered with status 200 and an empty object.
 * 2. An answer that waits ends when the try is given up; it fails then, as a connection would.
 * 3. What an answer throws is a failed try, never an error of the engine.
 */
import type { JsonObject } from "../../core/json/json.js";
import type { Channel, ChannelOutcome, ChannelRequest } from "../../ports/channel.js";

/** `attempt` counts the requests to this place, from 1. */
export type ScriptedAnswer =
  | ChannelOutcome
  | ((request: ChannelRequest, attempt: number) => ChannelOutcome | Promise<ChannelOutcome>);

export interface ScriptedChannel extends Channel {
  /** What was asked, in order. */
  readonly requests: readonly ChannelRequest[];
  /** How requests to a place are answered: of a webhook the path of its URL, of other channels the action's id. */
  on(place: string, answer: ScriptedAnswer): ScriptedChannel;
}

/** Takes the place of the channel of this kind (`webhook`, `notification`, `function`). */
export function scriptedChannel(kind: string): ScriptedChannel {
  const requests: ChannelRequest[] = [];
  const answers = new Map<string, ScriptedAnswer>();
  const channel: ScriptedChannel = {
    kind,
    requests,
    on(place, answer) {
      answers.set(place, answer);
      return channel;
    },
    async send(request, signal) {
      requests.push(request);
      const place = placeOf(request);
      const attempt = requests.filter((earlier) => placeOf(earlier) === place).length;
      const answer = answers.get(place) ?? completed();
      if (typeof answer !== "function") return answer;
      return Promise.race([answered(answer, request, attempt), givenUp(signal)]);
    },
    close: () => Promise.resolve(),
  };
  return channel;
}

/** A response of status 200. */
export function completed(body: JsonObject = {}): ChannelOutcome {
  return { outcome: "completed", response: { status: 200, headers: {}, body } };
}

/** A failure; one that is final is not tried again. Unless it says `mayHaveActed: false`, it may have been done. */
export function failed(
  message: string,
  options: { readonly code?: string; readonly isFinal?: boolean; readonly mayHaveActed?: boolean } = {},
) {
  const { code = "ACTION_FAILED", isFinal = false, mayHaveActed = true } = options;
  return { outcome: "failed", code, message, isFinal, mayHaveActed } as const satisfies ChannelOutcome;
}

function placeOf({ settings, idempotencyKey }: ChannelRequest): string {
  if (typeof settings.url === "string" && URL.canParse(settings.url)) return new URL(settings.url).pathname;
  return idempotencyKey.slice(idempotencyKey.lastIndexOf("/") + 1);
}

async function answered(
  answer: Extract<ScriptedAnswer, (...given: never[]) => unknown>,
  request: ChannelRequest,
  attempt: number,
): Promise<ChannelOutcome> {
  try {
    return await answer(request, attempt);
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}

function givenUp(signal: AbortSignal): Promise<ChannelOutcome> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(failed("The try was given up.")), { once: true });
  });
}
