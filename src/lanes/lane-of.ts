import { stringify } from 'safe-stable-stringify';
import type { DeliveryRecord } from '../models/delivery.js';
import { laneIdOf } from '../models/ids.js';
import type { WebhookRecord } from '../models/webhook.js';
import type { JsonValue } from '../request/json-value.js';
import { valueIn } from '../request/template.js';

/** Of a key that is longer, the beginning is kept to be shown. */
const longestShown = 200;

/** The lane of a delivery. */
export type LanePlace = Required<Pick<DeliveryRecord, 'lane' | 'laneKey'>>;

/**
 * The lane of a webhook's deliveries of events with this data; undefined where the webhook is not ordered. Values that are
 * the same as text have the same lane, such as 7 and "7". What has no value there, or null, has a lane of its own.
 */
export function laneOf(
  { _id, ordered }: Pick<WebhookRecord, '_id' | 'ordered'>,
  data: JsonValue,
): LanePlace | undefined {
  if (!ordered) return undefined;
  const key = ordered.orderingKey === null ? null : textOf(valueIn(data, ordered.orderingKey));
  return { lane: laneIdOf(_id, key), laneKey: key === null ? null : shownKey(key) };
}

/** A key as it is shown: well-formed, whatever it is cut in. */
function shownKey(key: string): string {
  return key.slice(0, longestShown).toWellFormed();
}

function textOf(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : stringify(value);
}
