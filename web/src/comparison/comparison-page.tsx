import { Anchor, Loader, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconArrowLeft, IconCircleCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { useLinks } from '../address/links.js';
import { useSearchState } from '../address/search-state.js';
import { api, dataOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import { HttpMessage } from '../message/http-message.js';
import { visibleText } from '../message/visible-text.js';
import { Screen } from '../shell/screen.js';
import { EmptyState } from '../show/empty-state.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { durationText } from '../show/quantities.js';
import { ChangesBetween } from './changes-between.js';
import classes from './comparison.module.css';
import { ExchangeDifference } from './exchange-difference.js';

type Comparison = Schema<'WebhookComparison'>;

/** The last success of a webhook against its first failure, and who changed what in between. */
export function Component(): ReactNode {
  const { id = '' } = useParams();
  const to = useLinks();
  const [{ all }, setState] = useSearchState({ all: false });
  const { data, error, refetch } = useQuery({
    queryKey: keyOf('webhook', id, 'comparison'),
    queryFn: async ({ signal }) => {
      const params = { path: { id } };
      const [webhook, comparison] = await Promise.all([
        dataOf(api.GET('/v1/webhooks/{id}', { params, signal })),
        dataOf(api.GET('/v1/webhooks/{id}/comparison', { params, signal })),
      ]);
      return { name: webhook.name, comparison };
    },
  });
  const isCompared = data?.comparison.lastSuccess && data.comparison.firstFailure;
  return (
    <Screen
      title="What changed?"
      actions={
        isCompared ? (
          <Switch
            label="Show what is the same"
            checked={all}
            onChange={(event) => setState({ all: event.currentTarget.checked })}
          />
        ) : null
      }
    >
      <Anchor component={Link} to={to('webhooks', id)} className={classes['back'] ?? ''}>
        <IconArrowLeft size={16} aria-hidden />
        {data ? visibleText(data.name) : 'Webhook'}
      </Anchor>
      {error ? <ProblemNotice error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <Loader size="sm" /> : null}
      {data ? <Compared comparison={data.comparison} areAllShown={all} /> : null}
    </Screen>
  );
}

function Compared({ comparison, areAllShown }: { comparison: Comparison; areAllShown: boolean }): ReactNode {
  const { lastSuccess, firstFailure, changes } = comparison;
  if (firstFailure === null) {
    return (
      <EmptyState icon={IconCircleCheck} title="Nothing has failed">
        Once an attempt fails, it stands here beside the last one that succeeded, with what was changed in
        between.
      </EmptyState>
    );
  }
  if (lastSuccess === null) {
    const { request, response, errorMessage, errorCode } = firstFailure.attempt;
    return (
      <div className={classes['comparison']}>
        <Text>
          No attempt has succeeded yet, so there is nothing to compare with. This is the first one that
          failed.
        </Text>
        <ChangesBetween entries={changes} />
        <section className={classes['part']} aria-label="First failure">
          <HttpMessage
            label="Request"
            start={`${request.method} ${visibleText(request.url)}`}
            headers={request.headers}
            body={request.body}
          />
          {response === null ? (
            <Text>No response came: {errorMessage ?? errorCode}.</Text>
          ) : (
            <HttpMessage
              label="Response"
              start={`HTTP ${response.status}`}
              headers={response.headers}
              body={response.body}
            />
          )}
        </section>
      </div>
    );
  }
  const apartMs = Date.parse(firstFailure.attempt.startedAt) - Date.parse(lastSuccess.attempt.startedAt);
  return (
    <div className={classes['comparison']}>
      <Text>
        The last success, and the first failure {durationText(Math.max(0, apartMs))} later: what differs is
        marked.
      </Text>
      <ChangesBetween entries={changes} />
      <ExchangeDifference success={lastSuccess} failure={firstFailure} areAllShown={areAllShown} />
    </div>
  );
}
