import { useEffect } from 'react';
import { Link, useLocation } from 'react-router';
import { useEnvironment } from '../address/links.js';
import { useMay } from '../session/session.js';
import { apiDocs, navigation } from './navigation.js';
import classes from './shell.module.css';

/** The screens on the left; on a phone they cover the page while the navigation is `opened`. */
export function Navigation({ opened, close }: { opened: boolean; close: () => void }): React.ReactNode {
  const environment = useEnvironment();
  const { pathname } = useLocation();
  const may = useMay();
  useEffect(close, [pathname, close]);
  const present = pathname.split('/')[2];
  return (
    <nav className={classes['navigation']} aria-label="Screens" data-opened={opened || undefined}>
      {navigation.map(({ heading, destinations }) => {
        const shown = destinations.filter(({ needs }) => may(needs));
        if (shown.length === 0) return null;
        return (
          <div key={heading ?? ''}>
            {heading === null ? null : <div className={classes['heading']}>{heading}</div>}
            {shown.map(({ path, label, icon: Picture }) => (
              <Link
                key={path}
                to={`/${environment}/${path}`}
                className={classes['link']}
                aria-current={path === present ? 'page' : undefined}
                onClick={close}
              >
                <Picture size={18} stroke={1.7} aria-hidden />
                {label}
              </Link>
            ))}
          </div>
        );
      })}
      <a
        href={apiDocs.href}
        target="_blank"
        rel="noreferrer"
        className={`${classes['link']} ${classes['last']}`}
      >
        <apiDocs.icon size={18} stroke={1.7} aria-hidden />
        {apiDocs.label}
      </a>
    </nav>
  );
}
