import { renderBody, type RequestEvent } from '../delivery/delivery-request.js';
import { newId } from '../models/ids.js';
import type { JsonValue } from '../request/json-value.js';
import { BodyTooLarge } from '../request/format.js';
import { renderTemplate } from '../request/template.js';
import type { BodySettings } from './settings.js';

/** Why a body could not be sent as it is meant. */
export type Breakage = 'rendering_failed' | 'body_too_large' | 'empty_body';

/** What became of one event's body. */
export interface Rendering {
  breakage: Breakage | null;
  /** Placeholders that found nothing. */
  missing: string[];
}

/** Below this a body has had room for all of its values (`renderTemplate` leaves out what is past 1 MiB). */
const roomy = 512 * 1024;

/** Renders the body that an event would have, and throws it away. Never throws. */
export function tryBody(settings: BodySettings, event: RequestEvent, now: Date): Rendering {
  const deliveryId = newId('delivery');
  try {
    const { body, missing } = renderBody(settings, event, deliveryId, now);
    if (body.text === '') return { breakage: 'empty_body', missing };
    const cut =
      body.text.length > roomy ? missing.filter((path) => isThere(path, event, deliveryId, now)) : [];
    if (cut.length === 0) return { breakage: null, missing };
    return { breakage: 'body_too_large', missing: missing.filter((path) => !cut.includes(path)) };
  } catch (error) {
    return { breakage: error instanceof BodyTooLarge ? 'body_too_large' : 'rendering_failed', missing: [] };
  }
}

/** Whether a placeholder finds something when it is alone: then it was left out for want of room. */
function isThere(path: string, event: RequestEvent, deliveryId: string, now: Date): boolean {
  const { missing } = renderTemplate(`{${path}}`, {
    eventName: event.type,
    eventId: event._id,
    deliveryId,
    currentDateTime: now,
    data: JSON.parse(event.dataJson) as JsonValue,
  });
  return missing.length === 0;
}
