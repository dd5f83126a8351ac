/** A JSON Schema 2020-12 that describes an event type's data. */
export type EventSchema = Readonly<Record<string, unknown>>;

/** What is wrong, and where: a dotted path into the schema or the data, empty for the whole of it. */
export interface SchemaError {
  path: string;
  message: string;
}
