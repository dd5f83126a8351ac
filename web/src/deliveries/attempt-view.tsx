import { Button, Collapse, Group, Text, UnstyledButton } from '@mantine/core';
import { IconChevronRight, IconTerminal2 } from '@tabler/icons-react';
import { useId, useState, type ReactNode } from 'react';
import type { Schema } from '../api/schemas.js';
import { HttpMessage } from '../message/http-message.js';
import { visibleText } from '../message/visible-text.js';
import { notify } from '../shell/dialogs.js';
import { writeClipboard } from '../show/copy-text.js';
import { Bytes, Duration } from '../show/quantities.js';
import { Time } from '../show/time.js';
import { curlOf } from './curl.js';
import classes from './delivery.module.css';
import { ErrorMeaning } from './error-meaning.js';

/** One attempt: what came of it, and when it is opened, its request and response as they were. */
export function AttemptView({
  attempt,
  webhookId,
  initiallyOpen,
}: {
  attempt: Schema<'Attempt'>;
  webhookId: string;
  initiallyOpen: boolean;
}): ReactNode {
  const [opened, setOpened] = useState(initiallyOpen);
  const content = useId();
  const { number, startedAt, durationMs, response, errorCode, errorMessage } = attempt;
  return (
    <div>
      <UnstyledButton
        className={classes['attempt'] ?? ''}
        aria-expanded={opened}
        aria-controls={content}
        onClick={() => setOpened(!opened)}
      >
        <IconChevronRight
          size={16}
          aria-hidden
          style={{ flex: 'none', transform: opened ? 'rotate(90deg)' : '' }}
        />
        <Text span fw={600}>
          Attempt {number}
        </Text>
        <Text span className={errorCode === null ? classes['good'] : classes['bad']} fw={600}>
          {response === null ? (errorCode ?? 'no response') : `HTTP ${response.status}`}
        </Text>
        <Text span size="sm" c="dimmed">
          <Duration ms={durationMs} />
        </Text>
        <Text span size="sm" c="dimmed" ml="auto">
          <Time at={startedAt} />
        </Text>
      </UnstyledButton>
      {errorCode === null || !opened ? null : (
        <ErrorMeaning code={errorCode} message={errorMessage} webhookId={webhookId} />
      )}
      <Collapse expanded={opened} id={content} transitionDuration={0}>
        {opened ? <Exchange attempt={attempt} /> : null}
      </Collapse>
    </div>
  );
}

function Exchange({ attempt: { number, request, response } }: { attempt: Schema<'Attempt'> }): ReactNode {
  const copy = async (): Promise<void> => {
    await writeClipboard(curlOf(request));
    await notify({ message: 'Command copied; masked secrets are to be put in by hand' });
  };
  return (
    <div className={classes['exchange']}>
      <Group justify="space-between" mb={8}>
        <Part title="Request" size={bytesOf(request.body)} />
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconTerminal2 size={15} aria-hidden />}
          onClick={() => void copy()}
        >
          Copy as curl
        </Button>
      </Group>
      <HttpMessage
        label={`Request of attempt ${number}`}
        start={`${request.method} ${visibleText(request.url)}`}
        headers={request.headers}
        body={request.body}
      />
      <Group justify="space-between" mt="lg" mb={8}>
        <Part title="Response" size={response === null ? null : bytesOf(response.body)} />
      </Group>
      {response === null ? (
        <Text size="sm" c="dimmed">
          None came back.
        </Text>
      ) : (
        <HttpMessage
          label={`Response to attempt ${number}`}
          start={`HTTP ${response.status}`}
          headers={response.headers}
          body={response.body}
          note={
            response.truncated ? (
              <Text size="sm" className={classes['cut'] ?? ''}>
                Cut here: more came back than the 64 KiB that are kept.
              </Text>
            ) : null
          }
        />
      )}
    </div>
  );
}

function Part({ title, size }: { title: string; size: number | null }): ReactNode {
  return (
    <Text fw={600}>
      {title}{' '}
      {size === null ? null : (
        <Text span size="sm" c="dimmed" fw={400}>
          · body of <Bytes count={size} />
        </Text>
      )}
    </Text>
  );
}

function bytesOf(text: string | null): number | null {
  return text === null ? null : new TextEncoder().encode(text).length;
}
