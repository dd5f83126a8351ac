export const environments = ['sandbox', 'production'] as const;
export type Environment = (typeof environments)[number];

/** Whom the calls act for. */
export interface Acting {
  environment: Environment | undefined;
  /** Only where the key acts for any organization. */
  organizationId: string | undefined;
}

const organizationKey = 'postrider-organization';

/** Whom calls act for now: the environment is always in the address. */
export function acting(): Acting {
  return {
    environment: environmentOf(window.location.pathname),
    organizationId: sessionStorage.getItem(organizationKey) ?? undefined,
  };
}

/** The environment that an address begins with. */
export function environmentOf(pathname: string): Environment | undefined {
  const [, first] = pathname.split('/');
  return environments.find((environment) => environment === first);
}

/** Chooses the organization that a key for all of them acts for, in this tab; undefined for a key that has its own. */
export function actFor(organizationId: string | undefined): void {
  if (organizationId === undefined) sessionStorage.removeItem(organizationKey);
  else sessionStorage.setItem(organizationKey, organizationId);
}
