import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconRefresh } from '@tabler/icons-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import { mostSelected, type Selection } from '../monitor/selection.js';
import type { ReplayFilter } from './replay-dialog.js';

const ReplayDialog = lazy(async () => import('./replay-dialog.js'));

/** Offers to replay what is picked, or all that the filter of the list finds. */
export function ReplayBar({
  selection,
  filter,
}: {
  selection: Selection;
  filter: Readonly<Record<string, string>>;
}): ReactNode {
  const to = useLinks();
  const [asked, setAsked] = useState<ReplayFilter | undefined>(undefined);
  const picked = selection.ids.size;
  const isOpen = ['pending', 'delivering', 'waiting'].includes(filter['status'] ?? '');
  return (
    <div style={{ marginLeft: 'auto', display: 'flex', gap: 8, flexWrap: 'wrap' }}>
      {picked > 0 ? (
        <>
          <Button variant="subtle" onClick={selection.clear}>
            Select none
          </Button>
          <Button
            leftSection={<IconRefresh size={16} aria-hidden />}
            onClick={() => setAsked({ deliveryIds: [...selection.ids] })}
          >
            Replay {picked} selected{picked >= mostSelected ? ' (the most at once)' : ''}
          </Button>
        </>
      ) : (
        <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
          <Menu.Target>
            <Button
              variant="default"
              fw={500}
              leftSection={<IconRefresh size={16} aria-hidden />}
              rightSection={<IconChevronDown size={14} aria-hidden />}
            >
              Replay
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item disabled={isOpen} onClick={() => setAsked(filter)}>
              {isOpen
                ? 'Nothing to replay: these are not over yet'
                : `All ${filter['status'] ?? 'failed'} that match this filter…`}
            </Menu.Item>
            <Menu.Item component={Link} to={to('replays')}>
              Replays so far
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {asked ? (
        <Suspense>
          <ReplayDialog
            filter={asked}
            onClose={() => setAsked(undefined)}
            onMade={() => {
              setAsked(undefined);
              selection.clear();
            }}
          />
        </Suspense>
      ) : null}
    </div>
  );
}
