import { describe, expect, it } from "vitest";
import { type LogLevel, pinoLogger } from "./pino-logger.js";

function logged(level: LogLevel): { logger: ReturnType<typeof pinoLogger>; lines: string[] } {
  const lines: string[] = [];
  return { logger: pinoLogger({ level, destination: { write: (line) => lines.push(line) } }), lines };
}

describe("the structured log", () => {
  it("writes one JSON object a line, with level, time and message", () => {
    const { logger, lines } = logged("debug");
    logger.warn("The disk is nearly full.", { freeBytes: 12 });
    expect(lines).toHaveLength(1);
    const line = lines[0] ?? "";
    expect(line.endsWith("\n")).toBe(true);
    const entry = JSON.parse(line);
    expect(entry).toMatchObject({
      level: "warn",
      msg: "The disk is nearly full.",
      details: { freeBytes: 12 },
    });
    expect(entry.time).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
  });

  it("leaves out what is below its level", () => {
    const { logger, lines } = logged("warn");
    logger.debug("no");
    logger.info("no");
    logger.warn("yes");
    logger.error("yes");
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(["yes", "yes"]);
  });

  it("does not let a detail pass for a field of the line", () => {
    const { logger, lines } = logged("info");
    logger.info("Said.", { level: "error", msg: "another", time: "never" });
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      level: "info",
      msg: "Said.",
      details: { level: "error" },
    });
  });

  it("keeps line breaks and percent signs of a message inside the one line", () => {
    const { logger, lines } = logged("info");
    logger.info("100 %s done\n{}", { count: 1 });
    expect(lines[0]?.trimEnd().includes("\n")).toBe(false);
    expect(JSON.parse(lines[0] ?? "").msg).toBe("100 %s done\n{}");
  });
});
