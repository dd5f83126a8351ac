import { Button, Group } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useId, type ReactNode } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import { SidePanel } from '../panel/side-panel.js';
import { afterSave } from '../panel/unsaved-guard.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { ExternalSystemFields } from './external-system-fields.js';
import { bodyOf, useExternalSystemForm } from './external-system-form.js';

/** Makes an external system, and opens it, where it can be verified. */
export function Component(): ReactNode {
  const to = useLinks();
  const formId = useId();
  const navigate = useNavigate();
  const { search } = useLocation();
  const queries = useQueryClient();
  const form = useExternalSystemForm();
  const add = form.submit(async (values) => {
    const made = await dataOf(api.POST('/v1/external-systems', { body: bodyOf(values) }));
    await queries.invalidateQueries({ queryKey: keyOf('external-systems') });
    await navigate(to('external-systems', made.id) + search, afterSave);
  });
  return (
    <SidePanel
      title="Add external system"
      closeTo={to('external-systems')}
      isDirty={form.isDirty()}
      footer={
        <Group justify="flex-end">
          <Button type="submit" form={formId} loading={form.submitting}>
            Add
          </Button>
        </Group>
      }
    >
      <form id={formId} noValidate onSubmit={(event) => void add(event)}>
        {form.problem ? <ProblemNotice error={form.problem} mb="md" /> : null}
        <ExternalSystemFields form={form} />
      </form>
    </SidePanel>
  );
}
