/**
 * Machines with several tokens: forks and joins, regions, event sub-processes, repeating timers, events from inside. What
 * is entered again does its calls in another round.
 */
import type { JsonObject } from "../../../src/core/json/json.js";
import { call, NOTICES, roundCall } from "./definition-parts.js";

/** Branches that meet crosswise; one of them ends by itself when nobody answers. */
const desk: JsonObject = {
  id: "desk",
  globalCallbackHandler: NOTICES,
  states: {
    begun: { type: "initial", transitions: [{ target: "split", event: "begin" }] },
    split: {
      type: "fork",
      transitions: [
        { target: "drafting" },
        { target: "known" },
        { target: "asking", condition: "data.amount > 100" },
      ],
    },
    drafting: { type: "task", entryActions: [call("draft")], transitions: [{ target: "parts" }] },
    known: { type: "fork", transitions: [{ target: "measuring" }, { target: "looking" }] },
    measuring: { type: "task", entryActions: [call("measure")], transitions: [{ target: "parts" }] },
    looking: {
      type: "userTask",
      transitions: [
        { target: "everything", event: "looked" },
        { target: "everything", after: "PT5H" },
      ],
    },
    asking: {
      type: "wait",
      transitions: [
        { target: "everything", event: "answered" },
        { target: "unanswered", after: "PT2H" },
      ],
    },
    unanswered: { type: "final" },
    parts: { type: "join", wait: "all", transitions: [{ target: "assembling" }] },
    assembling: { type: "task", entryActions: [call("assemble")], transitions: [{ target: "everything" }] },
    everything: { type: "join", wait: "active", transitions: [{ target: "filing" }] },
    filing: { type: "task", entryActions: [call("file")], transitions: [{ target: "filed" }] },
    filed: { type: "final" },
    failed: { type: "error" },
  },
};

/** A way by road and one through offices, side by side; it can be held, asked about, recalled. */
const parcel: JsonObject = {
  id: "parcel",
  states: {
    packed: { type: "initial", transitions: [{ target: "handling", event: "send" }] },
    handling: {
      type: "compound",
      initial: "underWay",
      states: {
        underWay: {
          type: "parallel",
          regions: [
            {
              regionId: "road",
              initial: "loading",
              states: {
                loading: {
                  type: "task",
                  entryActions: [
                    roundCall("load", "${data.round ?? 0}"),
                    {
                      actionId: "watch",
                      type: "raise",
                      config: { event: "overdue", delay: "PT2H", id: "watch" },
                    },
                  ],
                  transitions: [{ target: "driving" }],
                },
                driving: {
                  type: "wait",
                  transitions: [
                    {
                      target: "unloaded",
                      event: "arrived",
                      actions: [{ actionId: "unwatch", type: "cancel", config: { id: "watch" } }],
                    },
                    { target: "late", event: "overdue" },
                    { target: "late", after: "PT9H" },
                  ],
                },
                late: {
                  type: "task",
                  entryActions: [roundCall("nudge", "${data.round ?? 0}", { onError: "ignore" })],
                  transitions: [{ target: "unloaded" }],
                },
                unloaded: { type: "final" },
              },
            },
            {
              regionId: "offices",
              initial: "declaring",
              states: {
                declaring: {
                  type: "task",
                  entryActions: [roundCall("declare", "${data.round ?? 0}")],
                  transitions: [{ target: "stamping" }],
                },
                stamping: {
                  type: "userTask",
                  transitions: [
                    { target: "cleared", event: "stamped" },
                    { target: "cleared", after: "PT6H" },
                  ],
                },
                cleared: { type: "final" },
              },
            },
          ],
          transitions: [{ target: "weighing" }],
        },
        weighing: {
          type: "task",
          entryActions: [
            { actionId: "scale", type: "raise", config: { event: "weighed", queue: "external" } },
          ],
          transitions: [{ target: "sorted", event: "weighed" }],
        },
        sorted: { type: "final" },
        question: {
          type: "compound",
          triggeredBy: { event: "ask", interrupts: false },
          initial: "replying",
          states: {
            replying: {
              type: "userTask",
              transitions: [
                { target: "replied", event: "reply" },
                { target: "replied", after: "PT1H" },
              ],
            },
            replied: { type: "final" },
          },
        },
        recall: {
          type: "compound",
          triggeredBy: { event: "recall", interrupts: true },
          initial: "turning",
          states: {
            turning: {
              type: "task",
              entryActions: [roundCall("turn", "${data.round ?? 0}", { onError: "ignore" })],
              transitions: [{ target: "back" }],
            },
            back: { type: "final" },
          },
        },
      },
      transitions: [
        { target: "closed" },
        { target: "held", event: "hold", interrupts: true },
        { target: "reminding", every: "PT4H", keepSource: true },
      ],
    },
    held: {
      type: "wait",
      transitions: [
        {
          target: "handling",
          event: "goOn",
          history: "deep",
          actions: [{ actionId: "nextRound", type: "assign", assign: { round: "${(data.round ?? 0) + 1}" } }],
        },
        { target: "closed", after: "P1D" },
      ],
    },
    reminding: {
      type: "task",
      entryActions: [
        { actionId: "countReminder", type: "assign", assign: { reminders: "${(data.reminders ?? 0) + 1}" } },
        roundCall("remindAgain", "${data.reminders}", { onError: "ignore" }),
      ],
      transitions: [{ target: "reminded" }],
    },
    reminded: { type: "final" },
    closed: { type: "final" },
    failed: { type: "error" },
  },
};

/** Takes the signal as often as it comes, until it leaves. */
const listener: JsonObject = {
  id: "listener",
  states: {
    listening: {
      type: "initial",
      transitions: [
        {
          event: [{ eventId: "rung", trigger: "signal", signal: "bell" }],
          actions: [{ actionId: "hear", type: "assign", assign: { heard: "${(data.heard ?? 0) + 1}" } }],
        },
        { target: "gone", event: "leave" },
      ],
    },
    gone: { type: "final" },
  },
};

/** Takes the first signal, which may come while it is busy, and answers it outside. */
const porter: JsonObject = {
  id: "porter",
  states: {
    dressing: { type: "initial", entryActions: [call("dress")], transitions: [{ target: "waiting" }] },
    waiting: {
      type: "wait",
      transitions: [
        { target: "opening", event: [{ eventId: "rung", trigger: "signal", signal: "bell" }] },
        { target: "asleep", after: "P1D" },
      ],
    },
    opening: { type: "task", entryActions: [call("open")], transitions: [{ target: "opened" }] },
    opened: { type: "final" },
    asleep: { type: "final" },
    failed: { type: "error" },
  },
};

/** Broadcasts the signal when it ends. */
const ringer: JsonObject = {
  id: "ringer",
  states: {
    ready: { type: "initial", transitions: [{ target: "rung", event: "pull" }] },
    rung: { type: "final", emits: { signal: "bell", payload: { ring: "$instance.instanceId" } } },
  },
};

/** Begins with each signal. */
const echo: JsonObject = {
  id: "echo",
  states: {
    silent: { type: "initial", transitions: [{ target: "sounding", event: "sound" }] },
    ringing: {
      type: "initial",
      startOn: { trigger: "signal", signal: "bell" },
      entryActions: [call("echo", { onError: "ignore" })],
      transitions: [{ target: "sounding" }],
    },
    sounding: { type: "final" },
  },
};

/** The time of its questions runs out twice; then somebody presses for an answer. */
const inquiry: JsonObject = {
  id: "inquiry",
  states: {
    opened: { type: "initial", transitions: [{ target: "asking", event: "open" }] },
    asking: {
      type: "compound",
      initial: "first",
      timeout: {
        after: "PT3H",
        onTimeout: [
          { strategy: "retry", maxRounds: 1 },
          { strategy: "escalate", event: "late" },
        ],
      },
      states: {
        first: { type: "userTask", transitions: [{ target: "second", event: "told" }] },
        second: { type: "task", entryActions: [call("lookUp")], transitions: [{ target: "third" }] },
        third: { type: "wait", transitions: [{ target: "known", event: "told" }] },
        known: { type: "final" },
      },
      transitions: [{ target: "closed" }, { target: "pressing", event: "late" }],
    },
    pressing: {
      type: "task",
      entryActions: [call("press", { onError: "ignore" })],
      transitions: [{ target: "closed" }],
    },
    closed: { type: "final" },
    failed: { type: "error" },
  },
};

/** Sends a message to another instance when it ends. */
const courier: JsonObject = {
  id: "courier",
  states: {
    called: { type: "initial", transitions: [{ target: "sent", event: "send" }] },
    sent: {
      type: "final",
      emits: { message: "count", to: "$data.to", payload: { from: "$instance.instanceId" } },
    },
  },
};

export const CHART_MACHINES: readonly JsonObject[] = [
  desk,
  parcel,
  listener,
  porter,
  ringer,
  echo,
  inquiry,
  courier,
];
