/**
 * `<donedata>`: what a done event carries. The engine raises that event itself, without data, so the final state puts the
 * data into a property of its own, which is read where the event's data is asked for.
 */
import type { ActionList } from "../content/action-list.js";
import { messageData } from "../content/message-data.js";
import type { ChartState } from "../read/chart.js";

export function addDoneData(list: ActionList, final: ChartState): void {
  const { doneData, parent } = final;
  const property = parent === undefined ? undefined : list.conversion.names.doneData.get(parent.id);
  if (doneData !== undefined && property === undefined) {
    const message = `The data of "${final.id}" is left out: it ends the machine, and nobody is told.`;
    list.conversion.report.add("SCXML_LEFT_OUT", doneData.place, message);
  }
  if (property === undefined) return;
  const data = doneData === undefined ? undefined : messageData(list, doneData);
  if (data?.kind === "certain-error")
    list.fail(doneData?.place ?? final.place, [], `<donedata> fails (${data.message})`);
  const template = data?.kind === "data" ? (data.template ?? null) : null;
  list.assign({ [property]: template }, []);
}
