interface Header {
  name: string;
  value: string;
}

/** A header on both sides: null where it is not there. */
export interface HeaderRow {
  name: string;
  left: string | null;
  right: string | null;
  /** Whether the sides differ in what does not differ by nature. */
  differs: boolean;
}

/** Another value in each exchange: that they differ says nothing. */
const always = new Set([
  'cf-ray',
  'content-length',
  'date',
  'etag',
  'postrider-attempt',
  'postrider-correlation-id',
  'postrider-delivery-id',
  'traceparent',
  'webhook-id',
  'webhook-signature',
  'webhook-timestamp',
  'x-amzn-trace-id',
  'x-request-id',
]);

/** The headers of two messages by their names, in the order in which they came. */
export function headerRows(left: readonly Header[], right: readonly Header[]): HeaderRow[] {
  const before = valuesOf(left);
  const after = valuesOf(right);
  return [...new Set([...before.keys(), ...after.keys()])].map((name) => {
    const row = { name, left: before.get(name) ?? null, right: after.get(name) ?? null };
    return { ...row, differs: row.left !== row.right && !always.has(name) };
  });
}

/** By the name in small letters; the values of a name that is there twice together. */
function valuesOf(headers: readonly Header[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const { name, value } of headers) {
    const key = name.toLowerCase();
    const before = values.get(key);
    values.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return values;
}
