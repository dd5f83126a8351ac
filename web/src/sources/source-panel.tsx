import { Loader, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useParams } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, ifMatch, revisionOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import { DeleteButton } from '../panel/delete-button.js';
import { SidePanel } from '../panel/side-panel.js';
import { useMay } from '../session/session.js';
import { CopyText } from '../show/copy-text.js';
import { JsonView } from '../show/json-view.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { RecentReceived } from './recent-received.js';
import { SourceForm } from './source-form.js';

/** One source: to be changed by who may, else to be read. */
export function Component(): ReactNode {
  const { id = '' } = useParams();
  const to = useLinks();
  const may = useMay();
  const { data, error } = useQuery({
    queryKey: keyOf('sources', 'one', id),
    queryFn: async ({ signal }) =>
      revisionOf(api.GET('/v1/sources/{id}', { params: { path: { id } }, signal })),
    refetchOnWindowFocus: false,
  });
  if (!data) {
    return (
      <SidePanel title="Source" closeTo={to('sources')}>
        {error ? <ProblemNotice error={error} /> : <Loader size="sm" />}
      </SidePanel>
    );
  }
  const { data: source, etag } = data;
  const title = source.name ?? 'Unnamed source';
  if (may('configure')) {
    return (
      <SourceForm
        key={`${id} ${etag}`}
        title={title}
        source={source}
        remove={<Delete id={id} etag={etag} />}
        save={async (fields) => {
          await api.PATCH('/v1/sources/{id}', {
            params: { path: { id } },
            headers: ifMatch(etag),
            body: fields,
          });
          return id;
        }}
      />
    );
  }
  const { verification, respond, correlation } = source;
  return (
    <SidePanel title={title} closeTo={to('sources')}>
      <Stack gap="lg" align="stretch">
        <div>
          <Text size="sm" fw={600}>
            Others send to
          </Text>
          <CopyText text={source.url} what="URL" />
        </div>
        <RecentReceived sourceId={id} />
        <JsonView value={{ verification, respond, correlation }} label="Settings" />
      </Stack>
    </SidePanel>
  );
}

function Delete({ id, etag }: { id: string; etag: string }): ReactNode {
  const to = useLinks();
  return (
    <DeleteButton
      question="Delete this source?"
      detail="Its URL answers 404 from now on. What it received stays until its retention is over."
      call={async () => api.DELETE('/v1/sources/{id}', { params: { path: { id } }, headers: ifMatch(etag) })}
      leaveTo={to('sources')}
      itself={[['sources', 'one', id]]}
      lists={['sources']}
    />
  );
}
