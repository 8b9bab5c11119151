/** Event sub-processes that are left and found again. */
import { expect, test } from "vitest";
import { PureRun } from "../../kit/pure-run.js";
import { box, machine, manual, state, tokensOf, way } from "./parts.js";

test.each(["deep", "shallow"])(
  "a %s history leads back into a scope that was interrupted, and it stays so",
  (history) => {
    const run = new PureRun(
      machine(
        [
          state("init", "initial"),
          box(
            "handling",
            [
              state("work", "userTask"),
              box(
                "recall",
                [state("turning", "userTask"), state("back", "final")],
                [way("turned", "turning", "back", { event: manual("turned") })],
                { initial: "turning", triggeredBy: { event: "recall" } },
              ),
            ],
            [],
            { initial: "work" },
          ),
          state("held", "userTask"),
          state("end", "final"),
        ],
        [
          way("begin", "init", "handling"),
          way("hold", "handling", "held", { event: manual("hold") }),
          way("goOn", "held", "handling", { event: manual("goOn"), history }),
          way("finish", "handling", "end"),
        ],
      ),
    );
    run.start();
    run.send("recall");
    run.send("hold");
    run.send("goOn");
    expect(tokensOf(run)).toContain("turning/settled");
    expect(run.refuse({ type: "event", eventId: "recall", data: {}, variables: {} }).code).toBe(
      "NOT_ENABLED",
    );
    run.send("turned");
    expect(run.status).toBe("completed");
  },
);
