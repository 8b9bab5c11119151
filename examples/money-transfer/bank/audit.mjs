/**
 * The auditor: reads the bank's database and nothing else, shares no code with the bank, and says whether the books
 * are right. It may run while the bank is up: it opens the file read-only and looks at one consistent moment.
 *
 *     node audit.mjs --db PATH [--json]       exit status 0: all rules hold, 1: a violation, 2: wrong usage
 */
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import Database from "libsql";

/**
 * Each rule is a query for its violations: no row, no violation. `subject` names what is wrong.
 * @type {readonly { rule: string, query: string }[]}
 */
const RULES = [
  {
    rule: "the postings of each transfer sum to zero",
    query: `select transfer_id || ' sums to ' || sum(amount) as subject from postings group by transfer_id having sum(amount) <> 0`,
  },
  {
    rule: "the postings of each currency sum to zero",
    query: `select currency || ' sums to ' || sum(amount) as subject from postings group by currency having sum(amount) <> 0`,
  },
  {
    rule: "every posting is in its account's currency",
    query: `select 'posting ' || p.id as subject from postings p left join accounts a on a.id = p.account_id
            where a.id is null or a.currency <> p.currency`,
  },
  {
    rule: "each balance is the sum of its postings",
    query: `select a.id || ' says ' || a.balance || ', its postings ' || coalesce(sum(p.amount), 0) as subject
            from accounts a left join postings p on p.account_id = a.id
            group by a.id having a.balance <> coalesce(sum(p.amount), 0)`,
  },
  {
    rule: "what is available is the balance less the open holds",
    query: `select a.id || ' says ' || a.available as subject from accounts a
            where a.available <> a.balance - (select coalesce(sum(t.amount), 0) from transfers t where t.source = a.id and t.state = 'held')`,
  },
  {
    rule: "no customer's account is below zero",
    query: `select id as subject from accounts where kind = 'customer' and (balance < 0 or available < 0)`,
  },
  {
    rule: "no customer's account was ever below zero",
    query: `select distinct account_id as subject from (
              select p.account_id, sum(p.amount) over (partition by p.account_id order by p.id) as running
              from postings p join accounts a on a.id = p.account_id where a.kind = 'customer')
            where running < 0`,
  },
  {
    rule: "a posted transfer has exactly its two postings",
    query: `select t.id as subject from transfers t where t.state = 'posted' and (
              (select count(*) from postings p where p.transfer_id = t.id) <> 2
              or (select coalesce(sum(amount), 0) from postings p where p.transfer_id = t.id and p.account_id = t.source) <> -t.amount
              or (select coalesce(sum(amount), 0) from postings p where p.transfer_id = t.id and p.account_id = t.destination) <> t.amount)`,
  },
  {
    rule: "a transfer that is not posted has no postings",
    query: `select distinct t.id as subject from transfers t join postings p on p.transfer_id = t.id where t.state <> 'posted'`,
  },
  {
    rule: "every posting belongs to a transfer or to the opening of an account",
    query: `select distinct p.transfer_id as subject from postings p
            where not exists (select 1 from transfers t where t.id = p.transfer_id)
              and not exists (select 1 from accounts a where p.transfer_id = 'opening:' || a.id)`,
  },
  {
    rule: "a hold is posted or voided at most once, and never both",
    query: `select id as subject from transfers where (posted_at is not null and voided_at is not null)
              or (state = 'posted') <> (posted_at is not null) or (state = 'voided') <> (voided_at is not null)
              or (state in ('held', 'posted') and hold_id is null) or (state = 'posted') <> (reference is not null)`,
  },
  {
    rule: "each transfer, hold and reference is there once",
    query: `select 'transfer ' || id as subject from transfers group by id having count(*) > 1
            union all select 'hold ' || hold_id from transfers where hold_id is not null group by hold_id having count(*) > 1
            union all select 'reference ' || reference from transfers where reference is not null group by reference having count(*) > 1`,
  },
  {
    rule: "a key is answered or closed, never both",
    query: "select a.key as subject from answers a join closed_keys c on c.key = a.key",
  },
  {
    rule: "a receipt is for a posted transfer",
    query: `select id as subject from transfers where receipt_id is not null and state <> 'posted'`,
  },
];

/**
 * @typedef {{ rule: string, violations: string[] }} Finding
 * @typedef {object} Verdict
 * @property {boolean} isSound
 * @property {Finding[]} findings one for each rule, in a fixed order
 * @property {{ accounts: number, transfers: number, postings: number, posted: number, held: number, voided: number }} counted
 */

/**
 * Audits the books.
 * @param {string} databasePath
 * @returns {Verdict}
 * @throws {Error} when the file is not there or is not a ledger
 */
export function auditLedger(databasePath) {
  const url = pathToFileURL(databasePath);
  url.searchParams.set("mode", "ro");
  const database = new Database(url.href.replace("file://", "file:"));
  try {
    database.exec("pragma busy_timeout = 5000");
    database.exec("begin");
    const findings = RULES.map(({ rule, query }) => {
      const rows = /** @type {{ subject: unknown }[]} */ (database.prepare(query).all());
      return { rule, violations: rows.map(({ subject }) => String(subject)) };
    });
    const counted = countAll(database);
    database.exec("commit");
    return { isSound: findings.every(({ violations }) => violations.length === 0), findings, counted };
  } finally {
    database.close();
  }
}

/** @param {import("libsql").Database} database */
function countAll(database) {
  /** @param {string} rows */
  const count = (rows) => {
    const row = /** @type {{ n: number }} */ (database.prepare(`select count(*) as n from ${rows}`).get());
    return row.n;
  };
  return {
    accounts: count("accounts"),
    transfers: count("transfers"),
    postings: count("postings"),
    posted: count("transfers where state = 'posted'"),
    held: count("transfers where state = 'held'"),
    voided: count("transfers where state = 'voided'"),
  };
}

/**
 * The verdict for people.
 * @param {Verdict} verdict
 * @returns {string} lines, with a line feed at the end
 */
export function describeVerdict({ isSound, findings, counted }) {
  const lines = findings.flatMap(({ rule, violations }) => [
    `  ${violations.length === 0 ? "ok " : "NO "} ${rule}`,
    ...violations.map((violation) => `        ${violation}`),
  ]);
  const seen = `${counted.accounts} accounts, ${counted.transfers} transfers (${counted.posted} posted, ${counted.held} held, ${counted.voided} voided), ${counted.postings} postings`;
  return `${lines.join("\n")}\n${isSound ? "The books are right" : "THE BOOKS ARE WRONG"}: ${seen}.\n`;
}

function main() {
  const { values } = parseArgs({ options: { db: { type: "string" }, json: { type: "boolean" } } });
  if (values.db === undefined) {
    process.stderr.write("usage: node audit.mjs --db PATH [--json]\n");
    return 2;
  }
  const verdict = auditLedger(values.db);
  process.stdout.write(values.json === true ? `${JSON.stringify(verdict)}\n` : describeVerdict(verdict));
  return verdict.isSound ? 0 : 1;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exitCode = main();
