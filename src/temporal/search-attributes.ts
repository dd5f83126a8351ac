import { isGrpcServiceError } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import type { NativeConnection } from '@temporalio/worker';
import type { Tenant } from '../models/tenant.js';
import { deliveryIdsAttribute } from '../workflows/input.js';

/**
 * What operators search by in the Temporal UI. Delivery, webhook and organization are keyword lists, since one
 * workflow can carry many; Temporal's SQL visibility has room for three lists.
 */
const keys = {
  environment: defineSearchAttributeKey('PostriderEnvironment', SearchAttributeType.KEYWORD),
  eventType: defineSearchAttributeKey('PostriderEventType', SearchAttributeType.KEYWORD),
  eventId: defineSearchAttributeKey('PostriderEventId', SearchAttributeType.KEYWORD),
  deliveryIds: defineSearchAttributeKey(deliveryIdsAttribute, SearchAttributeType.KEYWORD_LIST),
  webhookIds: defineSearchAttributeKey('PostriderWebhookIds', SearchAttributeType.KEYWORD_LIST),
  organizationIds: defineSearchAttributeKey('PostriderOrganizationIds', SearchAttributeType.KEYWORD_LIST),
} as const;

/** The search attributes of one delivery's workflow. */
export function searchAttributesOf(
  delivery: Tenant & { id: string; eventId: string; eventType: string; webhookId: string },
): TypedSearchAttributes {
  return new TypedSearchAttributes([
    { key: keys.environment, value: delivery.environment },
    { key: keys.eventType, value: delivery.eventType },
    { key: keys.eventId, value: delivery.eventId },
    { key: keys.deliveryIds, value: [delivery.id] },
    { key: keys.webhookIds, value: [delivery.webhookId] },
    { key: keys.organizationIds, value: [delivery.organizationId] },
  ]);
}

/** The search attributes of a group's workflow: what all of its deliveries are found by, and what they have in common. */
export function groupAttributesOf(
  deliveries: readonly (Tenant & { _id: string; eventType: string; webhookId: string })[],
): TypedSearchAttributes {
  const environments = distinct(deliveries.map(({ environment }) => environment));
  const eventTypes = distinct(deliveries.map(({ eventType }) => eventType));
  return new TypedSearchAttributes([
    ...onlyOne(keys.environment, environments),
    ...onlyOne(keys.eventType, eventTypes),
    { key: keys.deliveryIds, value: deliveries.map(({ _id }) => _id) },
    { key: keys.webhookIds, value: distinct(deliveries.map(({ webhookId }) => webhookId)) },
    { key: keys.organizationIds, value: distinct(deliveries.map(({ organizationId }) => organizationId)) },
  ]);
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}

function onlyOne<Key>(key: Key, [value, ...others]: readonly string[]): { key: Key; value: string }[] {
  return value === undefined || others.length > 0 ? [] : [{ key, value }];
}

/** The search attributes of a lane's workflow; the delivery that waits in it is added by the workflow. */
export function laneAttributesOf(lane: Tenant & { webhookId: string }): TypedSearchAttributes {
  return new TypedSearchAttributes([
    { key: keys.environment, value: lane.environment },
    { key: keys.webhookIds, value: [lane.webhookId] },
    { key: keys.organizationIds, value: [lane.organizationId] },
  ]);
}

/** The search attributes of a replay's workflow. */
export function replayAttributesOf(tenant: Tenant, webhookId: string | undefined): TypedSearchAttributes {
  return new TypedSearchAttributes([
    { key: keys.environment, value: tenant.environment },
    { key: keys.organizationIds, value: [tenant.organizationId] },
    ...(webhookId === undefined ? [] : [{ key: keys.webhookIds, value: [webhookId] }]),
  ]);
}

/** The gRPC status code UNIMPLEMENTED. */
const grpcUnimplemented = 12;
/** Values of Temporal's enum IndexedValueType. */
const indexedValueType = { KEYWORD: 2, KEYWORD_LIST: 7 } as const;

/** Makes Postrider's search attributes known to a namespace; those that are there stay as they are. */
export async function registerSearchAttributes(
  connection: NativeConnection,
  namespace: string,
): Promise<void> {
  const known = await knownSearchAttributes(connection, namespace);
  const missing = Object.values(keys).filter(({ name }) => !(name in known));
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map(({ name, type }) => [name, indexedValueType[type]])),
  });
}

async function knownSearchAttributes(connection: NativeConnection, namespace: string): Promise<object> {
  try {
    return (await connection.operatorService.listSearchAttributes({ namespace })).customAttributes;
  } catch (error) {
    // Temporal's time-skipping test server adds search attributes, but cannot list them.
    if (isGrpcServiceError(error) && (error.code as number) === grpcUnimplemented) return {};
    throw error;
  }
}
