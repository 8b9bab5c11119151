/** What an expression of a chart may name. */
export interface ChartNames {
  /** Names of `<data>`, and of the items and indexes of `<foreach>`. */
  readonly data: ReadonlySet<string>;
  /** Names that were made for a chart's data where its own cannot stand, by its own. */
  readonly chartName: string | undefined;
  /** The id here of a state that can be active; undefined for every other. */
  readonly activeStateId: (id: string) => string | undefined;
  /** True where raised events carry their type, id and origin beside their data. */
  readonly carriesEventFields: boolean;
  /** The compound states whose done event has data, with the property that holds it. */
  readonly doneData: ReadonlyMap<string, string>;
}
