import { UnstyledButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { notify } from '../shell/dialogs.js';
import classes from './copy-text.module.css';
import { hint } from './hint.js';

const shownMs = 1_500;

/** Text as short as there is room; a click copies the whole of it and says so. `what` names it: "URL", "id". */
export function CopyText({ text, what }: { text: string; what: string }): ReactNode {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await writeClipboard(text);
    setCopied(true);
    setTimeout(() => setCopied(false), shownMs);
    await notify({ message: `${what} copied` });
  };
  return (
    <UnstyledButton
      className={classes['copy'] ?? ''}
      {...hint(text)}
      aria-label={`Copy ${what} ${text}`}
      onClick={(event) => {
        event.stopPropagation();
        void copy();
      }}
    >
      <span className={classes['text']}>{text}</span>
      {copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
    </UnstyledButton>
  );
}

/** The clipboard's own call is there on https and localhost alone; elsewhere a selection is copied. */
export async function writeClipboard(text: string): Promise<void> {
  if (window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  // oxlint-disable-next-line typescript/no-deprecated -- nothing else copies without https
  document.execCommand('copy');
  area.remove();
}
