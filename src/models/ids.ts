import { createHash } from 'node:crypto';
import { monotonicFactory } from 'ulid';

/** What an id names, told by its prefix. */
export const idPrefixes = {
  organization: 'org',
  apiKey: 'key',
  externalSystem: 'ext',
  webhook: 'wh',
  subscription: 'sub',
  event: 'evt',
  delivery: 'del',
  source: 'src',
  received: 'rcv',
  replay: 'rpl',
  auditEntry: 'aud',
} as const;

const timeLength = 10;
const hashLength = 16;
const laneHashLength = 26;
const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const nextUlid = monotonicFactory();

/** A new id, such as `evt_01JD…`: its prefix and a ULID, so that ids sort by the time they were made. */
export function newId(kind: keyof typeof idPrefixes): string {
  return `${idPrefixes[kind]}_${nextUlid()}`;
}

/**
 * The id of the delivery of an event for a subscription. It is derived, so that a step that is repeated
 * makes the same delivery again: the event's time (48 bits), then 80 bits of a hash of both ids.
 */
export function deliveryIdOf(eventId: string, subscriptionId: string): string {
  return derivedDeliveryId(eventId, subscriptionId);
}

/** The id of the resend of a delivery by a replay: derived, so that a replay makes it once. */
export function replayedIdOf(replayId: string, deliveryId: string): string {
  return derivedDeliveryId(replayId, deliveryId);
}

function derivedDeliveryId(timedId: string, otherId: string): string {
  const time = timeOf(timedId);
  const digest = createHash('sha256').update(`${timedId}/${otherId}`).digest();
  const hash = Array.from(digest.subarray(0, hashLength), (byte) => crockford[byte & 31]).join('');
  return `${idPrefixes.delivery}_${time}${hash}`;
}

/** The part of an id that tells when it was made, in ms; a derived id has that of what it is derived from. */
export function timeOf(id: string): string {
  return id.slice(id.indexOf('_') + 1).slice(0, timeLength);
}

/** The id of the Temporal workflow that carries a replay out. */
export function replayWorkflowIdOf(replayId: string): string {
  return `replay/${replayId}`;
}

/** The id of the Temporal workflow that carries a delivery from its first attempt, or goes on with it after a group. */
export function workflowIdOf(deliveryId: string): string {
  return `delivery/${deliveryId}`;
}

/**
 * The id of the lane of an ordering key: derived, so that every process finds the same one. Of the key, which may be
 * anything of the data, only a hash is in it: 130 bits.
 */
export function laneIdOf(webhookId: string, key: string | null): string {
  const digest = createHash('sha256')
    .update(`${webhookId}/${key === null ? '' : `=${key}`}`)
    .digest();
  return `lane_${Array.from(digest.subarray(0, laneHashLength), (byte) => crockford[byte & 31]).join('')}`;
}

const lanePrefix = 'lane/';

/** The id of a Temporal workflow that is to carry a lane, from its first delivery until none is left. */
export function newLaneWorkflowId(laneId: string): string {
  return `${lanePrefix}${laneId}/${nextUlid()}`;
}

/** Whether a delivery's workflow is that of its lane, which carries others too. */
export function isLane(workflowId: string): boolean {
  return workflowId.startsWith(lanePrefix);
}

const groupPrefix = 'group/';

/** The id of a Temporal workflow that is to carry the first attempts of many deliveries. */
export function newGroupId(): string {
  return `${groupPrefix}${nextUlid()}`;
}

/** Whether a delivery's workflow is a group, which carries others too. */
export function isGroup(workflowId: string): boolean {
  return workflowId.startsWith(groupPrefix);
}
