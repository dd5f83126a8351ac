import { UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useHotkeys, useOs } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import classes from './shell.module.css';

const FindDialog = lazy(async () => import('./find-dialog.js'));

/** The one field that leads anywhere: Ctrl/Cmd-K, or the button. Its dialog is loaded when it is first opened. */
export function FindAnything(): React.ReactNode {
  const [opened, setOpened] = useState(false);
  const os = useOs();
  useHotkeys([['mod+K', () => setOpened(true)]], []);
  return (
    <>
      <UnstyledButton className={classes['find'] ?? ''} onClick={() => setOpened(true)}>
        <IconSearch size={16} aria-hidden />
        <VisuallyHidden>Find anything</VisuallyHidden>
        <span aria-hidden className="mantine-visible-from-md">
          Find anything&emsp;{os === 'macos' ? '⌘' : 'Ctrl '}K
        </span>
      </UnstyledButton>
      {opened ? (
        <Suspense>
          <FindDialog close={() => setOpened(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
