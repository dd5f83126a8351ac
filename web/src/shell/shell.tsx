import { AppShell, Burger, NavLink } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Suspense, useEffect } from 'react';
import { Navigate, NavLink as RouterLink, Outlet, useLocation, useParams } from 'react-router';
import { environmentOf } from '../api/acting.js';
import { accessTo, sessionQuery, useMay } from '../session/session.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { Account } from './account.js';
import { EnvironmentSwitch } from './environment-switch.js';
import { FindAnything } from './find-anything.js';
import { Logo } from './logo.js';
import { apiDocs, navigation } from './navigation.js';
import { NotFound } from './not-found.js';
import classes from './shell.module.css';

/** Everything around a screen: who is not signed in to the environment of the address is led to signing in, and back. */
export function Shell(): React.ReactNode {
  const { pathname, search } = useLocation();
  const environment = environmentOf(pathname);
  const { data, error, refetch } = useQuery(sessionQuery);
  if (environment === undefined) return <NotFound />;
  if (error && !data) return <ProblemNotice error={error} retry={() => void refetch()} m="xl" />;
  if (!data) return null;
  if (!accessTo(environment, data.accesses)) {
    return <Navigate to={`/sign-in?to=${encodeURIComponent(pathname + search)}`} replace />;
  }
  return <Frame key={environment} />;
}

function Frame(): React.ReactNode {
  const { environment } = useParams();
  const { pathname } = useLocation();
  const [opened, { toggle, close }] = useDisclosure();
  const may = useMay();
  useEffect(close, [pathname, close]);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      transitionDuration={0}
    >
      <AppShell.Header className={classes['header']} data-environment={environment}>
        <Burger
          opened={opened}
          onClick={toggle}
          hiddenFrom="sm"
          size="sm"
          aria-label="Navigation"
          {...(environment === 'production' ? { color: '#fff' } : {})}
        />
        <Logo />
        <span className={`${classes['name']} mantine-visible-from-sm`}>Postrider</span>
        <EnvironmentSwitch />
        <div style={{ flex: 1 }} />
        <FindAnything />
        <Account />
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Screens">
        <AppShell.Section grow style={{ overflow: 'auto' }}>
          {navigation.map(({ heading, destinations }) => {
            const shown = destinations.filter(({ needs }) => may(needs));
            if (shown.length === 0) return null;
            return (
              <div key={heading ?? ''}>
                {heading === null ? null : <div className={classes['heading']}>{heading}</div>}
                {shown.map(({ path, label, icon: Picture }) => (
                  <NavLink
                    key={path}
                    component={RouterLink}
                    to={`/${environment}/${path}`}
                    label={label}
                    className={classes['link'] ?? ''}
                    active={pathname.split('/')[2] === path}
                    leftSection={<Picture size={18} stroke={1.7} aria-hidden />}
                    onClick={close}
                  />
                ))}
              </div>
            );
          })}
        </AppShell.Section>
        <AppShell.Section>
          <NavLink
            component="a"
            href={apiDocs.href}
            target="_blank"
            label={apiDocs.label}
            className={classes['link'] ?? ''}
            leftSection={<apiDocs.icon size={18} stroke={1.7} aria-hidden />}
          />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main className={classes['main'] ?? ''}>
        <Suspense>
          <Outlet />
        </Suspense>
      </AppShell.Main>
    </AppShell>
  );
}
