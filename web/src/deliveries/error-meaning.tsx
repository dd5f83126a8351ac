import { Anchor, Code, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { attemptErrorCodes } from '../../generated/error-codes.js';
import { useLinks } from '../address/links.js';
import type { Schema } from '../api/schemas.js';
import { visibleText } from '../message/visible-text.js';
import classes from './delivery.module.css';

type ErrorCode = NonNullable<Schema<'Attempt'>['errorCode']>;

/** The title of an error code: "The exchange did not end within the timeout". */
export function errorTitle(code: ErrorCode): string {
  return attemptErrorCodes[code].title;
}

/** Why an attempt failed, what that means, and what to do next. */
export function ErrorMeaning({
  code,
  message,
  webhookId,
}: {
  code: ErrorCode;
  message: string | null;
  webhookId: string;
}): ReactNode {
  const to = useLinks();
  const { title, advice } = attemptErrorCodes[code];
  return (
    <div className={classes['error']} role="note" aria-label="Why it failed">
      <Text size="sm" fw={600}>
        {title} <Code>{code}</Code>
      </Text>
      {message === null ? null : (
        <Text size="sm" className={classes['wrap'] ?? ''}>
          {visibleText(message)}
        </Text>
      )}
      <Text size="sm" mt={4}>
        <WithCode text={advice} />{' '}
        <Anchor component={Link} to={to('webhooks', webhookId)} size="sm" underline="always">
          Open the webhook
        </Anchor>
      </Text>
    </div>
  );
}

/** Text with names between backticks. */
function WithCode({ text }: { text: string }): ReactNode {
  return text.split('`').map((part, index) => (index % 2 === 1 ? <Code key={part}>{part}</Code> : part));
}
