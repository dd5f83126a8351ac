import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { notify } from '../shell/dialogs.js';
import { writeClipboard } from '../show/copy-text.js';

/** A small button that copies a long text which stands beside it. */
export function CopyButtonFor({ text, what }: { text: string; what: string }): ReactNode {
  const copy = async (): Promise<void> => {
    await writeClipboard(text);
    await notify({ message: `${what} copied` });
  };
  return (
    <Tooltip label={`Copy ${what.toLowerCase()}`}>
      <ActionIcon
        variant="default"
        size={28}
        aria-label={`Copy ${what.toLowerCase()}`}
        onClick={() => void copy()}
      >
        <IconCopy size={15} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
