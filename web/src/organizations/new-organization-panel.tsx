import { Button, Group, Stack, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { useLinks } from '../address/links.js';
import { api } from '../api/client.js';
import { keyOf, queryClient } from '../api/queries.js';
import { useProblemForm } from '../form/problem-form.js';
import { SidePanel } from '../panel/side-panel.js';
import { afterSave } from '../panel/unsaved-guard.js';
import { ProblemNotice } from '../show/problem-notice.js';

/** An organization that is not there yet. */
export function Component(): ReactNode {
  const to = useLinks();
  const navigate = useNavigate();
  const form = useProblemForm({
    initialValues: { name: '' },
    validate: { name: (name) => (name.trim() === '' ? 'Give it a name' : null) },
  });
  const submit = form.submit(async ({ name }) => {
    await api.POST('/v1/organizations', { body: { name: name.trim() } });
    await navigate(to('organizations'), afterSave);
    await queryClient.invalidateQueries({ queryKey: keyOf('organizations') });
  });
  return (
    <form onSubmit={submit} noValidate style={{ display: 'contents' }}>
      <SidePanel
        title="New organization"
        closeTo={to('organizations')}
        isDirty={form.isDirty()}
        footer={
          <Group justify="flex-end">
            <Button type="submit" loading={form.submitting}>
              Make organization
            </Button>
          </Group>
        }
      >
        <Stack gap="md">
          {form.problem ? <ProblemNotice error={form.problem} /> : null}
          <TextInput
            label="Name"
            placeholder="North"
            required
            maxLength={200}
            {...form.getInputProps('name')}
          />
        </Stack>
      </SidePanel>
    </form>
  );
}
