/** The files of a new project. */
export interface ProjectFile {
  /** Relative to the project's folder. */
  readonly name: string;
  readonly text: string;
}

const DEFINITION = {
  id: "expense",
  name: "Expense claim",
  description: "Somebody claims an expense; somebody else approves it, or it is closed after two weeks.",
  version: 1,
  states: {
    claimed: {
      type: "initial",
      data: {
        schema: {
          type: "object",
          properties: {
            claimant: { type: "string", minLength: 1 },
            amount: { type: "number", exclusiveMinimum: 0 },
            purpose: { type: "string" },
          },
          required: ["claimant", "amount"],
        },
      },
      transitions: [
        { target: "paid", condition: "data.amount <= 25" },
        { target: "deciding", condition: "data.amount > 25" },
      ],
    },
    deciding: {
      type: "userTask",
      data: {
        schema: {
          type: "object",
          properties: { approved: { type: "boolean" }, approver: { type: "string", minLength: 1 } },
          required: ["approved", "approver"],
        },
      },
      transitions: [
        { target: "paid", condition: "data.approved === true" },
        { target: "declined", condition: "data.approved === false" },
        { target: "lapsed", after: "P14D" },
      ],
    },
    paid: { type: "final" },
    declined: { type: "final" },
    lapsed: { type: "final" },
  },
};

const CONFIG = { db: "sqlite:./.statewright/statewright.db", instances: "instances" };

const README = `# Expense claims

\`definitions/expense.json\` says what states a claim goes through. \`instances/\` mirrors every claim as a JSON file, and
\`diagrams/\` is for drawings. The database is in \`.statewright/\`.

    statewright validate definitions/expense.json
    statewright run definitions/expense.json --instance claim-1 --data '{"claimant":"ada","amount":80}'
    statewright send claim-1 --data '{"approved":true,"approver":"eve"}'
`;

export const PROJECT_FILES: readonly ProjectFile[] = [
  { name: "README.md", text: README },
  { name: "definitions/expense.json", text: json(DEFINITION) },
  { name: "diagrams/.gitkeep", text: "" },
  { name: "instances/.gitkeep", text: "" },
  { name: "statewright.config.json", text: json(CONFIG) },
];

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
