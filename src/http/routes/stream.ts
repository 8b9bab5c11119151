/** What happens, as it happens. */
import { Readable } from "node:stream";
import { StatewrightError } from "../../core/errors.js";
import { STREAM_EVENT, STREAM_HEADERS, STREAM_QUERY } from "../contract/stream-schemas.js";
import type { Call, Reply, Route } from "../route.js";
import { followJournal, readPlace, type StreamFilter } from "../stream/follow-journal.js";

/** Readers at the same time. */
const MAX_STREAMS = 1_000;

/** `tell` hears how many there are, with each change. */
export function streamRoute(tell: (open: number) => void): Route {
  let open = 0;
  const count = (change: 1 | -1): void => {
    open += change;
    tell(open);
  };
  return {
    method: "GET",
    path: "/v1/stream",
    operationId: "followInstances",
    tag: "stream",
    summary: "State changes, incidents and ends as server-sent events, in the order of their commits.",
    description:
      "The first message is `open`, or `reset` when the place that was asked for is not in this database: then read the lists anew. After a break, `Last-Event-ID` goes on where the last message was, with no gap and nothing twice, also after the server was started again. The filter is that of the list, by what an instance is when its message is written. A comment comes every 15 s; a reader that takes nothing for 60 s is cut.",
    needs: "read",
    query: STREAM_QUERY,
    headers: STREAM_HEADERS,
    answers: {
      200: {
        description: "Messages whose `data` is a StreamEvent.",
        schema: STREAM_EVENT,
        contentType: "text/event-stream",
      },
    },
    errors: ["USAGE"],
    handle: async (call) => {
      if (open >= MAX_STREAMS) {
        throw new StatewrightError("RATE_LIMITED", `There are ${MAX_STREAMS} open streams already.`, {
          hint: "Close some of them.",
        });
      }
      const reply = follow(call);
      if (call.signal.aborted) return reply;
      count(1);
      call.signal.addEventListener("abort", () => count(-1), { once: true });
      return reply;
    },
  };
}

/** The filter's condition is compiled first, so that what is wrong with it is an answer and no broken stream. */
function follow({ engine, query, headers, signal }: Call): Reply {
  const { after, ...filter } = query as StreamFilter & { after?: string };
  const header = headers["last-event-id"];
  const id = typeof header === "string" && header !== "" ? header : after;
  const { instanceId: _, ...searched } = filter;
  engine.operators.search(searched);
  const lines = followJournal(engine, filter, id === undefined ? undefined : readPlace(id), signal);
  return {
    status: 200,
    // One line at a time: what is not read is not made.
    body: Readable.from(lines, { highWaterMark: 1 }),
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    },
  };
}
