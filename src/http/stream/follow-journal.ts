/**
 * Server-sent events out of the journal: the audit entries of all instances in the order of their commits.
 *
 * 1. The store is the only source, for what has been and for what comes: nothing is kept for a reader, and one that
 *    comes back finds what it has missed, also after the server was started again.
 * 2. The id of a message is a place in that order: the position of the commit and the number of the message in it. After
 *    it nothing is left out and nothing comes twice.
 * 3. A place that this database has not reached (it was replaced by an older copy) is answered with `reset`: whoever follows reads
 *    the lists anew and goes on from there.
 * 4. It is pulled: a reader that does not read makes no messages, and holds no memory but one page.
 */
import type { Engine } from "../../engine.js";
import type { InstanceFilter, InstanceSearch } from "../../index.js";
import { RequestInvalidError } from "../answer/problem.js";
import { type StreamEvent, streamEventsOf } from "./stream-event.js";

export interface StreamFilter extends InstanceFilter {
  readonly instanceId?: string;
}

export interface StreamPlace {
  readonly position: number;
  /** Of the last message that was received of that commit; from 0. */
  readonly part: number;
}

const PAGE = 100;
const HEARTBEAT_MS = 15_000;
/** Behind the last message of a commit. */
const WHOLE = 1_000_000;

/** Reads an id of this stream. Throws `REQUEST_INVALID`. */
export function readPlace(id: string): StreamPlace {
  const [, position, part] = /^(\d{1,15})-(\d{1,7})$/.exec(id) ?? [];
  if (position !== undefined && part !== undefined) return { position: Number(position), part: Number(part) };
  throw new RequestInvalidError("Last-Event-ID is none of this stream.", [
    { path: "/last-event-id", message: `"${id.slice(0, 40)}" is no id that this stream has given out.` },
  ]);
}

/** The lines of the stream, until the signal fires. `after`: undefined begins with what comes from now on. */
export async function* followJournal(
  engine: Engine,
  filter: StreamFilter,
  after: StreamPlace | undefined,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const commits = new Commits(engine);
  try {
    const head = await engine.reader.journalHead();
    let place = after ?? { position: head, part: WHOLE };
    if (place.position > head) {
      place = { position: head, part: WHOLE };
      yield message("reset", place, {
        reason: "This database has not reached the place that was asked for.",
      });
    } else {
      yield message("open", place, {});
    }
    const { instanceId, ...rest } = filter;
    const search = engine.operators.search(rest);
    while (!signal.aborted) {
      commits.forget();
      // One before, because of a commit whose messages were received in part.
      const entries = await engine.reader.journal({
        afterPosition: Math.max(0, place.position - 1),
        limit: PAGE,
      });
      const fresh = entries.filter(({ position }) => position > place.position || place.part < WHOLE);
      for (const { position, entry } of fresh) {
        const events =
          instanceId === undefined || entry.instanceId === instanceId ? streamEventsOf(entry) : [];
        const isMeant = events.length > 0 && (await matches(engine, search, String(entry.instanceId)));
        const first = position === place.position ? place.part + 1 : 0;
        if (isMeant) yield* messagesOf(events, position, first);
        place = { position, part: WHOLE };
      }
      if (entries.length === PAGE) continue;
      if (!(await commits.next(HEARTBEAT_MS, signal))) yield ": still here\n\n";
    }
  } finally {
    commits.end();
  }
}

function* messagesOf(events: readonly StreamEvent[], position: number, first: number): Generator<string> {
  for (let part = first; part < events.length; part += 1) {
    const event = events[part];
    if (event === undefined) return;
    yield message(event.type, { position, part: part === events.length - 1 ? WHOLE : part }, event);
  }
}

/** By what the instance is now: the list does the same. */
async function matches(engine: Engine, search: InstanceSearch, instanceId: string): Promise<boolean> {
  const [row] = await engine.reader.rows([instanceId]);
  return row !== undefined && search.matches(row);
}

function message(type: string, { position, part }: StreamPlace, data: object): string {
  return `event: ${type}\nid: ${position}-${part}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Whether something was committed since it was last asked to forget. */
class Commits {
  readonly end: () => void;
  #isNew = false;
  #wake: () => void = () => {};

  constructor(engine: Engine) {
    this.end = engine.watch(() => {
      this.#isNew = true;
      this.#wake();
    });
  }

  forget(): void {
    this.#isNew = false;
  }

  /** True when there was one; false when the time is up, or the signal has fired. */
  next(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    if (this.#isNew || signal.aborted) return Promise.resolve(this.#isNew);
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", finish);
        resolve(this.#isNew);
      };
      const timer = setTimeout(finish, timeoutMs);
      signal.addEventListener("abort", finish);
      this.#wake = finish;
    });
  }
}
