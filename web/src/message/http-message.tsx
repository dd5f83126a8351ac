import { Code, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useMemo, useState, type ReactNode } from 'react';
import { CopyButtonFor } from './copy-button-for.js';
import classes from './message.module.css';
import { prettyJson } from './pretty-json.js';
import { visibleText } from './visible-text.js';

interface Header {
  name: string;
  value: string;
}

/**
 * An HTTP message as it goes over the wire: its first line, headers and body. Everything is text, whatever is in it. JSON is
 * shown pretty unless one asks for the bytes as they are.
 */
export function HttpMessage({
  label,
  start,
  headers,
  body,
  note,
  showsHeaders = headers.length <= 14,
}: {
  /** What it is: "Request". */
  label: string;
  /** The first line: method and URL, or the status. */
  start: ReactNode;
  headers: readonly Header[];
  body: string | null;
  /** Stands beneath the body: that it was cut. */
  note?: ReactNode;
  /** Whether the headers are there at once; where they are not, one click shows them. Default: as long as they are few. */
  showsHeaders?: boolean;
}): ReactNode {
  return (
    <section aria-label={label} className={classes['message']}>
      <div className={classes['start']}>{start}</div>
      <Headers headers={headers} label={label} isOpen={showsHeaders} />
      <Body body={body} label={label} />
      {note}
    </section>
  );
}

function Headers({
  headers,
  label,
  isOpen,
}: {
  headers: readonly Header[];
  label: string;
  isOpen: boolean;
}): ReactNode {
  return (
    <details className={classes['headers']} open={isOpen}>
      <summary>
        {headers.length} {headers.length === 1 ? 'header' : 'headers'}
      </summary>
      <dl aria-label={`Headers of the ${label.toLowerCase()}`}>
        {headers.map(({ name, value }, index) => (
          // A name may be there twice; its place is what tells them apart.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={`${name} ${index}`}>
            <dt>{visibleText(name)}</dt>
            <dd>{visibleText(value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function Body({ body, label }: { body: string | null; label: string }): ReactNode {
  const pretty = useMemo(() => (body === null ? undefined : prettyJson(body)), [body]);
  const [shown, setShown] = useState('pretty');
  if (body === null || body === '') {
    return (
      <Text size="sm" c="dimmed">
        No body
      </Text>
    );
  }
  const text = pretty !== undefined && shown === 'pretty' ? pretty : body;
  return (
    <Stack gap={6}>
      <Group justify="space-between">
        <Text size="sm" fw={600}>
          Body
        </Text>
        <Group gap={6}>
          {pretty === undefined ? null : (
            <SegmentedControl
              size="xs"
              aria-label={`How the body of the ${label.toLowerCase()} is shown`}
              data={[
                { value: 'pretty', label: 'Pretty' },
                { value: 'bytes', label: 'As sent' },
              ]}
              value={shown}
              onChange={setShown}
            />
          )}
          <CopyButtonFor text={body} what="Body" />
        </Group>
      </Group>
      <Code
        block
        className={classes['body'] ?? ''}
        tabIndex={0}
        role="region"
        aria-label={`Body of the ${label.toLowerCase()}`}
      >
        {visibleText(text)}
      </Code>
    </Stack>
  );
}
