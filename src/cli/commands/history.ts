/** `history ID`: the states an instance has been in, with who brought it there and what was done. */
import type { Command } from "commander";
import type { Visit } from "../../core/model/snapshot.js";
import {
  addDatabaseOptions,
  addExamples,
  type CommandContext,
  type DatabaseOptions,
} from "../cli-command.js";
import { readAt } from "../desk/open-desk.js";
import { renderTable } from "../output/table.js";
import { instantText, spanBetween } from "../output/time-text.js";

const HEAD = ["State", "Entered (UTC)", "Exited (UTC)", "Stayed", "By", "Actor", "Actions"];

export function configure(command: Command, context: CommandContext): void {
  addDatabaseOptions(command.argument("<id>", "the id of an instance"));
  addExamples(command, [
    { line: "statewright history o-1", says: "a table; with --json the visits as they are kept" },
  ]);
  command.action(async (instanceId: string, options: DatabaseOptions) => {
    const { history } = await readAt(options, context, (desk) => desk.document(instanceId));
    const { terminal } = context;
    if (options.json === true) terminal.json(history);
    else terminal.print(renderTable(HEAD, history.map(visitRow), terminal));
    context.finish(0);
  });
}

function visitRow(visit: Visit): string[] {
  return [
    visit.state,
    instantText(visit.enteredAt),
    visit.exitedAt === undefined ? "" : instantText(visit.exitedAt),
    spanBetween(visit.enteredAt, visit.exitedAt),
    [visit.event, visit.transitionId].filter((name) => name !== undefined).join(" / "),
    visit.actor,
    visit.actions.map(actionText).join("\n"),
  ];
}

function actionText({ actionId, status, tries, error, timedOut }: Visit["actions"][number]): string {
  const count = tries === 0 ? "" : tries === 1 ? ", 1 try" : `, ${tries} tries`;
  return `${actionId} ${status}${count}${timedOut === true ? ", timed out" : ""}${error === undefined ? "" : ` (${error.code})`}`;
}
