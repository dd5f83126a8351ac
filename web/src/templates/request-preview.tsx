import { Alert, Group, Loader, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { keyOf } from '../api/queries.js';
import { problemIn } from '../api/problem.js';
import type { Schema } from '../api/schemas.js';
import { HttpMessage } from '../message/http-message.js';

/** Fast enough to follow one's typing, slow enough not to ask for each letter. */
const settleMs = 250;

/** The exact request that a webhook would send with the settings of a form, as one types. */
export function RequestPreview({
  settings,
  ask,
  whyNot,
}: {
  /** All that the request depends on, as JSON. */
  settings: string;
  ask: (settings: string, signal: AbortSignal) => Promise<Schema<'Preview'>>;
  /** What stands in the way, if anything does. */
  whyNot?: string | undefined;
}): ReactNode {
  const [settled] = useDebouncedValue(settings, settleMs);
  const { data, error, isFetching } = useQuery({
    queryKey: keyOf('preview', settled),
    queryFn: async ({ signal }) => ask(settled, signal),
    enabled: whyNot === undefined,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    retry: false,
  });
  const told = whyNot ?? (error ? problemText(error) : undefined);
  return (
    <Stack gap="sm">
      <Group gap="sm" h={24}>
        <Text size="sm" fw={600}>
          The request as it would be sent
        </Text>
        {isFetching || settled !== settings ? <Loader size={14} aria-label="Asking" /> : null}
      </Group>
      {told === undefined ? null : (
        <Alert variant="light" color="yellow" p="sm" role="status">
          {told}
        </Alert>
      )}
      {data ? (
        <div style={told === undefined ? undefined : { opacity: 0.55 }}>
          <HttpMessage
            label="Request"
            start={
              <>
                <b>{data.request.method}</b> {data.request.url}
              </>
            }
            headers={data.request.headers}
            body={data.request.body}
            showsHeaders={false}
            note={
              data.missing.length === 0 ? undefined : (
                <Text size="sm" role="status">
                  Found nothing in this sample:{' '}
                  <Text span inherit ff="monospace">
                    {data.missing.map((path) => `{${path}}`).join(', ')}
                  </Text>
                </Text>
              )
            }
          />
        </div>
      ) : null}
    </Stack>
  );
}

function problemText(error: Error): string {
  const { errors, detail } = problemIn(error);
  return errors.length === 0 ? detail : errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
}
