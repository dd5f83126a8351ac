import { Button, Group, Menu } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconBan, IconChevronDown, IconPlayerPlay, IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useEnvironment, useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import { keyOf, queryClient } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import { useMay } from '../session/session.js';
import { confirm, notify } from '../shell/dialogs.js';
import { ConfirmButton } from '../show/confirm-button.js';
import { ProblemNotice } from '../show/problem-notice.js';

type Delivery = Schema<'DeliveryDetail'>;

/** The key of the query of one delivery. */
export function deliveryKey(id: string): readonly unknown[] {
  return keyOf('deliveries', 'one', id);
}

/** What can be done with a delivery in its state: resend it once it is over, else send it now or cancel it. */
export function DeliveryActions({ delivery }: { delivery: Delivery }): ReactNode {
  const may = useMay();
  if (!may('operate')) return null;
  const isOver = ['succeeded', 'failed', 'cancelled'].includes(delivery.status);
  return isOver ? <Resend delivery={delivery} /> : <WhileOpen delivery={delivery} />;
}

function Resend({ delivery: { id, status } }: { delivery: Delivery }): ReactNode {
  const to = useLinks();
  const environment = useEnvironment();
  const navigate = useNavigate();
  const { search } = useLocation();
  const resend = useMutation({
    mutationFn: async (rerender: boolean) =>
      dataOf(api.POST('/v1/deliveries/{id}/resend', { params: { path: { id } }, body: { rerender } })),
    onSuccess: async (made) => {
      queryClient.setQueryData(deliveryKey(made.id), made);
      await queryClient.invalidateQueries({ queryKey: keyOf('deliveries', 'feed') });
      await navigate(to('sent', made.id) + search);
      void notify({ message: 'Sent again, as a delivery of its own' });
    },
  });
  /** What failed is resent at a click; what succeeded, or is in production, only on purpose. */
  const ask = async (rerender: boolean): Promise<void> => {
    const isGrave = status === 'succeeded' || environment === 'production';
    const sure =
      !isGrave ||
      (await confirm({
        title: environment === 'production' ? 'Resend in production?' : 'Resend what has succeeded?',
        detail:
          status === 'succeeded'
            ? 'The receiver has accepted this event. It gets it once more, with the same webhook-id.'
            : 'The receiver gets this event again, with the same webhook-id.',
        confirm: 'Resend',
      }));
    if (sure) resend.mutate(rerender);
  };
  return (
    <>
      <Button.Group>
        <Button
          variant={status === 'failed' ? 'filled' : 'default'}
          leftSection={<IconRefresh size={16} aria-hidden />}
          loading={resend.isPending}
          onClick={() => void ask(false)}
        >
          Resend
        </Button>
        <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
          <Menu.Target>
            <Button
              variant={status === 'failed' ? 'filled' : 'default'}
              px={8}
              aria-label="Other ways to resend"
              style={{ borderLeft: '1px solid var(--line)' }}
            >
              <IconChevronDown size={16} aria-hidden />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => void ask(true)}>
              Resend, rendered again with the template of now
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Button.Group>
      {resend.error ? <ProblemNotice error={resend.error} mt="sm" /> : null}
    </>
  );
}

function WhileOpen({ delivery: { id, held, status, order } }: { delivery: Delivery }): ReactNode {
  const path = { id };
  const refresh = async (): Promise<void> => {
    await queryClient.invalidateQueries({ queryKey: deliveryKey(id) });
  };
  const sendNow = useMutation({
    mutationFn: async () => api.POST('/v1/deliveries/{id}/send-now', { params: { path } }),
    onSuccess: refresh,
  });
  return (
    <>
      <Group gap="sm">
        {status === 'waiting' && !held && (order?.waitsFor ?? null) === null ? (
          <Button
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            loading={sendNow.isPending}
            onClick={() => sendNow.mutate()}
          >
            Send now
          </Button>
        ) : null}
        <ConfirmButton
          question="Cancel this delivery?"
          detail="No further attempt is made. A request that is under way is let end."
          confirm="Cancel the delivery"
          leftSection={<IconBan size={16} aria-hidden />}
          act={async () => {
            await api.POST('/v1/deliveries/{id}/cancel', { params: { path } });
            await refresh();
          }}
        >
          Cancel
        </ConfirmButton>
      </Group>
      {sendNow.error ? <ProblemNotice error={sendNow.error} mt="sm" /> : null}
    </>
  );
}
