/** The stored fields that a filter of deliveries asks for: each its value, and `from` and `to` the time it was made. */
export function deliveryQuery(filter: {
  from?: Date | undefined;
  to?: Date | undefined;
  [field: string]: unknown;
}): Record<string, unknown> {
  const { from, to, ...fields } = filter;
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return { ...given, ...createdBetween(from, to) };
}

/** From (inclusive) to (exclusive), by the time something was made. */
export function createdBetween(from: Date | undefined, to: Date | undefined): Record<string, unknown> {
  if (from === undefined && to === undefined) return {};
  return { createdAt: { ...(from ? { $gte: from } : {}), ...(to ? { $lt: to } : {}) } };
}
