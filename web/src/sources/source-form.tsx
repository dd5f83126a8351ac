import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useLinks } from '../address/links.js';
import { keyOf, queryClient } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import { jsonFault } from '../form/json-input.js';
import { useProblemForm } from '../form/problem-form.js';
import { SidePanel } from '../panel/side-panel.js';
import { afterSave } from '../panel/unsaved-guard.js';
import { CopyText } from '../show/copy-text.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { RecentReceived } from './recent-received.js';
import { SourceFields } from './source-fields.js';
import { sourceFields, valuesOf, type Source } from './source-values.js';

/** A panel to make a source, or to see what one received and change it. */
export function SourceForm({
  title,
  source,
  remove,
  save,
}: {
  title: string;
  source?: Source;
  /** The button that deletes it. */
  remove?: ReactNode;
  /** Calls the API, and gives the id. */
  save: (fields: Schema<'SourceChanges'>) => Promise<string>;
}): ReactNode {
  const to = useLinks();
  const navigate = useNavigate();
  const { search } = useLocation();
  const form = useProblemForm({
    initialValues: valuesOf(source),
    validate: {
      respond: {
        status: (status) => (status === '' ? 'Give a status, such as 200' : null),
        delayMs: (delay) => (delay === '' ? 'Give a time, 0 for none' : null),
        body: (body, { respond }) => {
          if (respond.kind !== 'json') return null;
          return body.trim() === '' ? 'Give some JSON' : jsonFault(body);
        },
      },
      correlation: {
        name: (name, { correlation }) =>
          correlation.place !== 'none' && name.trim() === '' ? 'Name it' : null,
      },
    },
  });
  const submit = form.submit(async (values) => {
    const id = await save(sourceFields(values));
    form.resetDirty();
    await navigate(to('sources', id) + search, afterSave);
    await queryClient.invalidateQueries({ queryKey: keyOf('sources') });
  });
  return (
    <form onSubmit={submit} noValidate style={{ display: 'contents' }}>
      <SidePanel
        title={title}
        closeTo={to('sources')}
        isDirty={form.isDirty()}
        footer={
          <Group justify="space-between">
            {remove ?? <span />}
            <Button type="submit" loading={form.submitting} disabled={Boolean(source) && !form.isDirty()}>
              {source ? 'Save' : 'Make source'}
            </Button>
          </Group>
        }
      >
        <Stack gap="lg">
          {form.problem ? <ProblemNotice error={form.problem} /> : null}
          {source ? (
            <>
              <div>
                <Text size="sm" fw={600}>
                  Others send to
                </Text>
                <CopyText text={source.url} what="URL" />
              </div>
              <RecentReceived sourceId={source.id} />
            </>
          ) : null}
          <SourceFields form={form} />
        </Stack>
      </SidePanel>
    </form>
  );
}
