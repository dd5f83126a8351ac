import { ActionIcon } from '@mantine/core';
import { IconUserCircle } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import classes from './shell.module.css';

const AccountMenu = lazy(async () => import('./account-menu.js'));

/** The button of the account menu, which is loaded when it is first opened. */
export function Account(): React.ReactNode {
  const [opened, setOpened] = useState(false);
  const button = (
    <ActionIcon
      variant="transparent"
      size="lg"
      aria-label="Account and appearance"
      className={classes['plain'] ?? ''}
      onClick={() => setOpened(true)}
    >
      <IconUserCircle size={24} stroke={1.6} aria-hidden />
    </ActionIcon>
  );
  if (!opened) return button;
  return (
    <Suspense fallback={button}>
      <AccountMenu onClose={() => setOpened(false)}>{button}</AccountMenu>
    </Suspense>
  );
}
