import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconCopy, IconKey } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { notify } from '../shell/dialogs.js';
import { writeClipboard } from '../show/copy-text.js';
import classes from './webhook.module.css';

/** A signing secret, the one time that it is shown. */
export function SigningSecret({ secret, children }: { secret: string; children?: ReactNode }): ReactNode {
  return (
    <Alert
      variant="light"
      color="indigo"
      icon={<IconKey size={20} aria-hidden />}
      title="Keep the signing secret: it is shown only now"
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          Give it to the receiver, which checks with it that requests come from here (Standard Webhooks).
        </Text>
        <code className={classes['secret']} aria-label="Signing secret">
          {secret}
        </code>
        <Button
          size="sm"
          leftSection={<IconCopy size={16} aria-hidden />}
          onClick={() =>
            void writeClipboard(secret).then(async () => notify({ message: 'Signing secret copied' }))
          }
        >
          Copy secret
        </Button>
        {children}
      </Stack>
    </Alert>
  );
}
