import { Switch } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../api/client.js';
import { problemIn } from '../api/problem.js';
import { useMay } from '../session/session.js';
import { notify } from '../shell/dialogs.js';
import { StatusBadge } from '../show/status-badge.js';
import { subscriptionsChanged, titleOf, type Subscription } from './subscriptions.js';

/** Whether a subscription takes events, to be switched where it stands. It shows what was chosen while that is being saved. */
export function ActiveSwitch({ subscription }: { subscription: Subscription }): ReactNode {
  const { id, active } = subscription;
  const may = useMay();
  const work = useMutation({
    mutationFn: async (next: boolean) =>
      api.PATCH('/v1/subscriptions/{id}', { params: { path: { id } }, body: { active: next } }),
    onSuccess: subscriptionsChanged,
    onError: (error) => {
      const { title, detail } = problemIn(error);
      void notify({ title, message: detail, kind: 'problem' });
    },
  });
  if (!may('configure')) return <StatusBadge status={active ? 'on' : 'off'} />;
  const isOn = work.isPending ? work.variables : active;
  return (
    <span
      role="presentation"
      onClick={(event) => event.stopPropagation()}
      style={{ display: 'inline-block' }}
    >
      <Switch
        size="sm"
        aria-label={`${titleOf(subscription)} takes events`}
        label={isOn ? 'on' : 'off'}
        checked={isOn}
        onChange={(event) => work.mutate(event.currentTarget.checked)}
      />
    </span>
  );
}
