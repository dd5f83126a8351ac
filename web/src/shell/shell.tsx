import { Burger } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Suspense } from 'react';
import { Navigate, Outlet, useLocation, useParams } from 'react-router';
import { acting, environmentOf } from '../api/acting.js';
import { ActingFor } from '../organizations/acting-for.js';
import { accessTo, sessionQuery } from '../session/session.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { Account } from './account.js';
import { EnvironmentSwitch } from './environment-switch.js';
import { FindAnything } from './find-anything.js';
import { Logo } from './logo.js';
import { Navigation } from './navigation-bar.js';
import { NotFound } from './not-found.js';
import classes from './shell.module.css';

/**
 * Everything around a screen: who is not signed in to the environment of the address is led to signing in, and back; a key for
 * all organizations to choosing one.
 */
export function Shell(): React.ReactNode {
  const { pathname, search } = useLocation();
  const environment = environmentOf(pathname);
  const { data, error, refetch } = useQuery(sessionQuery);
  if (environment === undefined) return <NotFound />;
  if (error && !data) return <ProblemNotice error={error} retry={() => void refetch()} m="xl" />;
  if (!data) return null;
  const access = accessTo(environment, data.accesses);
  if (!access) return <Navigate to={`/sign-in?to=${encodeURIComponent(pathname + search)}`} replace />;
  const organizations = `/${environment}/organizations`;
  const isChosen = access.organizationId !== null || acting().organizationId !== undefined;
  if (!isChosen && !pathname.startsWith(organizations)) return <Navigate to={organizations} replace />;
  return <Frame key={environment} />;
}

function Frame(): React.ReactNode {
  const { environment } = useParams();
  const [opened, { toggle, close }] = useDisclosure();
  return (
    <div className={classes['frame']} data-environment={environment}>
      <header className={classes['header']} data-environment={environment}>
        <Burger
          opened={opened}
          onClick={toggle}
          hiddenFrom="sm"
          size="sm"
          aria-label="Navigation"
          aria-expanded={opened}
          {...(environment === 'production' ? { color: '#fff' } : {})}
        />
        <Logo />
        <span className={`${classes['name']} mantine-visible-from-sm`}>Postrider</span>
        <EnvironmentSwitch />
        <ActingFor />
        <div style={{ flex: 1 }} />
        <FindAnything />
        <Account />
      </header>
      <Navigation opened={opened} close={close} />
      <main className={classes['main']}>
        <Suspense>
          <Outlet />
        </Suspense>
      </main>
    </div>
  );
}
