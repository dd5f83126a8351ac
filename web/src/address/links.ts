import { useParams } from 'react-router';
import { environments, type Environment } from '../api/acting.js';

/** The environment of the address. Only for views beneath `/:environment`. */
export function useEnvironment(): Environment {
  const { environment } = useParams();
  return environments.find((each) => each === environment) ?? 'sandbox';
}

/** Makes addresses in the present environment: `const to = useLinks(); to('webhooks', id)`. */
export function useLinks(): (...segments: readonly string[]) => string {
  const environment = useEnvironment();
  return (...segments) => `/${[environment, ...segments.map(encodeURIComponent)].join('/')}`;
}
