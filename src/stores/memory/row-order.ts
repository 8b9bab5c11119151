/** The orders in which rows are listed: numbers by value, texts by code point, which is the order of their UTF-8 bytes. */
type Field = string | number;

/** Orders rows by the fields that `fields` gives, the first that differs deciding. */
export function by<Row>(fields: (row: Row) => readonly Field[]): (left: Row, right: Row) => number {
  return (left, right) => {
    const others = fields(right);
    for (const [index, field] of fields(left).entries()) {
      const order = compareFields(field, others[index]);
      if (order !== 0) return order;
    }
    return 0;
  };
}

export function compareTexts(left: string, right: string): number {
  // UTF-16 units order astral characters before some others; bytes do not.
  return left === right ? 0 : Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function compareFields(left: Field, right: Field | undefined): number {
  if (typeof left === "number") return left - Number(right);
  return compareTexts(left, String(right));
}
