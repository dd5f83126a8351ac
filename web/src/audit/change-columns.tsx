import { Anchor, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Time } from '../show/time.js';
import type { Column } from '../table/columns.js';
import { FieldChanges } from './field-changes.js';
import { actions, placeOf, resources, type Entry } from './words.js';

/** The columns of the audit log: when, who, what, and each field before and after. */
export function changeColumns({
  to,
  opened,
  toggle,
}: {
  to: (...segments: readonly string[]) => string;
  /** The ids of the entries that are shown in full. */
  opened: ReadonlySet<string>;
  toggle: (id: string) => void;
}): readonly Column<Entry>[] {
  return [
    {
      id: 'what',
      title: 'What',
      width: 'minmax(0, 0.9fr)',
      cell: (entry) => <What entry={entry} to={to} />,
    },
    {
      id: 'key',
      title: 'Who',
      width: 'minmax(0, 0.5fr)',
      cell: ({ key, role }) => (
        <div>
          <Text span inherit truncate display="block">
            {key?.name ?? (role === 'system' ? 'Postrider' : 'Root key')}
          </Text>
          {key === null ? null : (
            <Text span size="sm" c="dimmed">
              {role}
            </Text>
          )}
        </div>
      ),
    },
    { id: 'createdAt', title: 'When', width: '175px', cell: ({ createdAt }) => <Time at={createdAt} /> },
    {
      id: 'changes',
      title: 'Before → after',
      width: 'minmax(0, 1.6fr)',
      cell: ({ id, changes, action }) => (
        <FieldChanges changes={changes} action={action} isOpen={opened.has(id)} onToggle={() => toggle(id)} />
      ),
    },
  ];
}

function What({ entry, to }: { entry: Entry; to: (...segments: readonly string[]) => string }): ReactNode {
  const { action, resource, resourceId, resourceName } = entry;
  const place = placeOf(entry);
  const name = resourceName ?? resourceId;
  return (
    <div>
      <Text span size="sm" c="dimmed" display="block">
        {actions[action]} {resources[resource]}
      </Text>
      {place ? (
        <Anchor component={Link} to={to(...place)} inherit fw={600} style={{ overflowWrap: 'anywhere' }}>
          {name}
        </Anchor>
      ) : (
        <Text span inherit fw={600} style={{ overflowWrap: 'anywhere' }}>
          {name}
        </Text>
      )}
    </div>
  );
}
