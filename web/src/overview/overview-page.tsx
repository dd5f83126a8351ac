import { SegmentedControl, Skeleton, Stack } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useSearchState } from '../address/search-state.js';
import { api, dataOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import { Screen } from '../shell/screen.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { Failing } from './failing.js';
import { Figures } from './figures.js';
import { FirstSteps, useFirstSteps } from './first-steps.js';
import { OverTime } from './over-time.js';
import { queryOf, rangeOf, ranges } from './range.js';
import { Waiting } from './waiting.js';

const pollMs = 5_000;

/** What is going on in an environment: what fails and waits now, and how it did over time. */
export function Component(): ReactNode {
  const [{ range: name }, setState] = useSearchState({ range: '24h' });
  const range = rangeOf(name);
  const { data, error, refetch } = useQuery({
    queryKey: keyOf('overview', range),
    queryFn: async ({ signal }) =>
      dataOf(api.GET('/v1/overview', { params: { query: queryOf(range) }, signal })),
    refetchInterval: pollMs,
    placeholderData: keepPreviousData,
  });
  const steps = useFirstSteps(data === undefined ? undefined : data.totals.events > 0);
  return (
    <Screen
      title="Overview"
      actions={
        <SegmentedControl
          aria-label="Range of time"
          size="sm"
          data={Object.entries(ranges).map(([value, { label }]) => ({ value, label }))}
          value={range}
          onChange={(next) => setState({ range: next })}
          transitionDuration={0}
        />
      }
    >
      <Stack gap="lg">
        {error ? <ProblemNotice error={error} retry={() => void refetch()} /> : null}
        {steps ? <FirstSteps steps={steps} /> : null}
        {data && !steps ? (
          <>
            <Failing webhooks={data.failing} />
            <Figures totals={data.totals} range={range} />
            <Waiting waiting={data.waiting} />
            <OverTime data={data.data} interval={data.interval} />
          </>
        ) : error || steps ? null : (
          <Skeletons />
        )}
      </Stack>
    </Screen>
  );
}

function Skeletons(): ReactNode {
  return (
    <>
      <Skeleton h={72} radius="lg" />
      <Skeleton h={112} radius="lg" />
      <Skeleton h={300} radius="lg" />
    </>
  );
}
