import { Suspense, type ReactNode } from 'react';
import { Outlet } from 'react-router';
import classes from './panel.module.css';

/** A table, and beside it the panel that the address names: the screen's child route. On a phone the panel covers it. */
export function Beside({ children }: { children: ReactNode }): ReactNode {
  return (
    <div className={classes['beside']}>
      <div className={classes['table']}>{children}</div>
      <Suspense>
        <Outlet />
      </Suspense>
    </div>
  );
}
