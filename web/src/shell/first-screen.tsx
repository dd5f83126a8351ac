import { Navigate } from 'react-router';
import { useEnvironment } from '../address/links.js';
import { useMay } from '../session/session.js';
import { navigation } from './navigation.js';

/** The address of an environment alone leads to the first screen that the role may see. */
export function FirstScreen(): React.ReactNode {
  const environment = useEnvironment();
  const may = useMay();
  const first = navigation.flatMap(({ destinations }) => destinations).find(({ needs }) => may(needs));
  return <Navigate to={`/${environment}/${first?.path ?? 'events'}`} replace />;
}
