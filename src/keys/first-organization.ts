import { keyHash } from '../api/key-hash.js';
import type { Secret } from '../config/secret.js';
import type { Models } from '../models/models.js';
import { environments, firstOrganization, type Environment } from '../models/tenant.js';

/** The ids of the keys that the deployment's configuration gives; another start would make them again. */
export function isConfiguredKey(id: string): boolean {
  return environments.some((environment) => id === keyIdOf(environment));
}

function keyIdOf(environment: Environment): string {
  return `key_default_${environment}`;
}

/** Makes the first organization and its two admin keys; a key that was given anew takes the place of the one before. */
export async function ensureFirstOrganization(
  models: Models,
  keys: { sandbox: Secret; production: Secret },
): Promise<void> {
  const { id, name } = firstOrganization;
  const createdAt = new Date();
  await models.organizations.updateOne({ _id: id }, { $setOnInsert: { name, createdAt } }, { upsert: true });
  for (const environment of environments) {
    await models.apiKeys.updateOne(
      { _id: keyIdOf(environment) },
      {
        $set: { hash: keyHash(keys[environment].reveal()) },
        $setOnInsert: {
          organizationId: id,
          environment,
          name: `first ${environment} key`,
          role: 'admin',
          createdAt,
        },
      },
      { upsert: true },
    );
  }
}
