import { useQuery } from '@tanstack/react-query';
import { Navigate } from 'react-router';
import { ProblemNotice } from '../show/problem-notice.js';
import { environmentsOf, sessionQuery } from './session.js';

/** `/`: leads to the first environment that somebody is signed in to, else to signing in. */
export function Start(): React.ReactNode {
  const { data, error, refetch } = useQuery(sessionQuery);
  if (error) return <ProblemNotice error={error} retry={() => void refetch()} m="xl" />;
  if (!data) return null;
  const [first] = environmentsOf(data.accesses);
  return <Navigate to={first === undefined ? '/sign-in' : `/${first}`} replace />;
}
