import { describe, expect, it } from "vitest";
import { prometheusTelemetry } from "./prometheus-telemetry.js";

/** The value of one time series, as it is written. */
async function seriesValue(
  telemetry: ReturnType<typeof prometheusTelemetry>,
  series: string,
): Promise<number | undefined> {
  const line = (await telemetry.metricsText()).split("\n").find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length));
}

describe("Prometheus telemetry", () => {
  it("counts by labels, and times in seconds", async () => {
    const telemetry = prometheusTelemetry();
    telemetry.command("event", "taken", 30);
    telemetry.command("event", "taken", 70);
    telemetry.command("event", "rejected", 0.1);
    telemetry.commit("written", 12, 2);
    telemetry.attempt("webhook", "action", "timeout", 5_000);
    telemetry.request("/v1/instances/:instanceId", "GET", 404, 3);
    const value = (series: string) => seriesValue(telemetry, series);
    expect(await value('statewright_commands_total{type="event",outcome="taken"}')).toBe(2);
    expect(await value('statewright_commands_total{type="event",outcome="rejected"}')).toBe(1);
    expect(await value('statewright_command_duration_seconds_bucket{le="0.05",type="event"}')).toBe(2);
    expect(await value('statewright_command_duration_seconds_sum{type="event"}')).toBeCloseTo(0.1001, 9);
    expect(await value('statewright_commit_group_size_bucket{le="8"}')).toBe(0);
    expect(await value('statewright_commit_group_size_bucket{le="16"}')).toBe(1);
    expect(await value('statewright_try_duration_seconds_sum{channel="webhook",purpose="action"}')).toBe(5);
    expect(
      await value(
        'statewright_http_requests_total{route="/v1/instances/:instanceId",method="GET",status="404"}',
      ),
    ).toBe(1);
  });

  it("knows how many incidents are open", async () => {
    const telemetry = prometheusTelemetry();
    telemetry.incidentsAtStart(2);
    telemetry.incidentOpened("ACTION_FAILED");
    telemetry.incidentClosed();
    telemetry.incidentClosed();
    expect(await seriesValue(telemetry, "statewright_incidents_open")).toBe(1);
  });

  it("shows the origins that are spared, and forgets those that are not any more", async () => {
    const telemetry = prometheusTelemetry();
    const state = () =>
      seriesValue(telemetry, 'statewright_circuit_breaker_state{origin="https://a.example"}');
    const count = (name: string) => seriesValue(telemetry, `statewright_circuit_breakers{state="${name}"}`);
    expect([await count("open"), await count("half-open")]).toEqual([0, 0]);
    telemetry.breaker("https://a.example", "open");
    telemetry.breaker("https://b.example", "open");
    expect([await state(), await count("open")]).toEqual([1, 2]);
    telemetry.breaker("https://a.example", "half-open");
    expect([await state(), await count("open"), await count("half-open")]).toEqual([0.5, 1, 1]);
    telemetry.breaker("https://a.example", "closed");
    expect([await state(), await count("open"), await count("half-open")]).toEqual([undefined, 1, 0]);
  });

  it("keeps its labels few, whatever it is told", async () => {
    const telemetry = prometheusTelemetry();
    for (let n = 0; n < 5_000; n += 1) {
      telemetry.incidentOpened(`CODE_${n}`);
      telemetry.breaker(`https://${n}.example`, "open");
      telemetry.request("unknown", `VERB${n}`, 404, 1);
    }
    const text = await telemetry.metricsText();
    expect(text.split("\n").length).toBeLessThan(1_000);
    expect(await seriesValue(telemetry, 'statewright_incidents_opened_total{code="other"}')).toBe(4_900);
    expect(await seriesValue(telemetry, 'statewright_circuit_breakers{state="open"}')).toBe(5_000);
  });

  it("has a registry of its own, with the metrics of the process", async () => {
    const [one, two] = [prometheusTelemetry(), prometheusTelemetry()];
    one.incidentClosed();
    expect(await seriesValue(one, "statewright_incidents_closed_total")).toBe(1);
    expect(await seriesValue(two, "statewright_incidents_closed_total")).toBe(0);
    expect(await two.metricsText()).toMatch(/^process_resident_memory_bytes \d+/m);
    expect(one.contentType).toMatch(/^text\/plain; version=0\.0\.4/);
  });
});
