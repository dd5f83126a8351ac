import { Anchor, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import { HttpMessage } from '../message/http-message.js';

/** A request that arrived, all of it: a list has only the beginning of a long body. */
export function Arrival({ listed, url }: { listed: Schema<'Received'>; url: string }): ReactNode {
  const to = useLinks();
  const { data = listed } = useQuery({
    queryKey: keyOf('received', 'one', listed.id),
    queryFn: async ({ signal }) =>
      dataOf(api.GET('/v1/received/{id}', { params: { path: { id: listed.id } }, signal })),
    enabled: listed.truncated,
    staleTime: Infinity,
  });
  const { method, headers, query, body, bodyEncoding, truncated, deliveryId, eventId, responseStatus } = data;
  const parameters = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => [value].flat().map((each) => [name, each])),
  ).toString();
  return (
    <HttpMessage
      label="Request"
      start={
        <>
          <b>{method}</b> {new URL(url).pathname}
          {parameters === '' ? '' : `?${parameters}`}
        </>
      }
      headers={headers}
      body={body}
      showsHeaders={false}
      note={
        <Group gap="md">
          <Text size="sm" c="dimmed">
            Answered {responseStatus}.
            {bodyEncoding === 'base64' ? ' The body is not text: shown in base64.' : ''}
            {truncated ? ' The body was cut.' : ''}
          </Text>
          {deliveryId === null ? null : (
            <Anchor component={Link} to={to('sent', deliveryId)} size="sm">
              Its delivery
            </Anchor>
          )}
          {eventId === null ? null : (
            <Anchor component={Link} to={to('events', eventId)} size="sm">
              Its event
            </Anchor>
          )}
        </Group>
      }
    />
  );
}
