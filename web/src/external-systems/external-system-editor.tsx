import { Button, Group, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useId, type ReactNode } from 'react';
import { useLinks } from '../address/links.js';
import { api, ifMatch, type Revision } from '../api/client.js';
import { problemIn } from '../api/problem.js';
import { keyOf } from '../api/queries.js';
import { useDeletion } from '../panel/deletion.js';
import { SidePanel } from '../panel/side-panel.js';
import { useMay } from '../session/session.js';
import { notify } from '../shell/dialogs.js';
import { ConfirmButton } from '../show/confirm-button.js';
import { ProblemNotice } from '../show/problem-notice.js';
import classes from '../webhooks/webhook.module.css';
import { ExternalSystemFields } from './external-system-fields.js';
import { bodyOf, useExternalSystemForm } from './external-system-form.js';
import type { ExternalSystem } from './external-systems.js';
import { LinkedWebhooks, useLinkedWebhooks } from './linked-webhooks.js';
import { Verify } from './verify.js';

/** The form of an external system as it was read. `onStale` reads it again: it was saved, or somebody else changed it. */
export function ExternalSystemEditor({
  base,
  onStale,
}: {
  base: Revision<ExternalSystem>;
  onStale: () => void;
}): ReactNode {
  const to = useLinks();
  const may = useMay();
  const formId = useId();
  const forget = useDeletion();
  const queries = useQueryClient();
  const form = useExternalSystemForm(base.data);
  const { id, name } = base.data;
  const linked = useLinkedWebhooks(id);
  const path = { id };
  const save = form.submit(async (values) => {
    await api.PATCH('/v1/external-systems/{id}', {
      params: { path },
      headers: ifMatch(base.etag),
      body: bodyOf(values),
    });
    await notify({ message: `${values.name} saved` });
    void queries.invalidateQueries({ queryKey: keyOf('external-systems') });
    onStale();
  });
  const remove = async (): Promise<void> => {
    await forget({
      call: async () =>
        api.DELETE('/v1/external-systems/{id}', { params: { path }, headers: ifMatch(base.etag) }),
      leaveTo: to('external-systems'),
      itself: [['external-system', id]],
      lists: ['external-systems'],
    });
    await notify({ message: `${name} deleted` });
  };
  const isConflict = form.problem !== null && problemIn(form.problem).code === 'precondition_failed';
  return (
    <SidePanel
      title={name}
      closeTo={to('external-systems')}
      isDirty={form.isDirty()}
      {...(may('configure')
        ? {
            footer: (
              <Group justify="flex-end" gap="sm">
                {form.isDirty() ? (
                  <Button variant="subtle" color="gray" onClick={() => form.reset()}>
                    Discard
                  </Button>
                ) : null}
                <Button type="submit" form={formId} disabled={!form.isDirty()} loading={form.submitting}>
                  Save
                </Button>
              </Group>
            ),
          }
        : {})}
    >
      <form id={formId} noValidate onSubmit={(event) => void save(event)}>
        {form.problem ? <ProblemNotice error={form.problem} mb="md" /> : null}
        {isConflict ? (
          <Button mb="md" variant="default" onClick={onStale}>
            Drop mine, take theirs
          </Button>
        ) : null}
        <fieldset disabled={!may('configure')} className={classes['fields']}>
          <ExternalSystemFields form={form} saved={base.data} />
        </fieldset>
        <Stack gap="lg" className={classes['danger'] ?? ''}>
          {may('operate') ? <Verify id={id} isDirty={form.isDirty()} /> : null}
          <LinkedWebhooks systemId={id} webhooks={linked} />
          {may('configure') ? (
            <Group justify="flex-end">
              <ConfirmButton
                question={`Delete ${name}?`}
                detail="Its credential is gone for good."
                confirm="Delete"
                act={remove}
                disabled={linked === undefined || linked.length > 0}
                {...(linked?.length === 0 ? { c: 'var(--mantine-color-error)' } : {})}
              >
                {linked !== undefined && linked.length > 0
                  ? 'Cannot be deleted while webhooks use it'
                  : 'Delete external system'}
              </ConfirmButton>
            </Group>
          ) : null}
        </Stack>
      </form>
    </SidePanel>
  );
}
