import { Code, Group } from '@mantine/core';
import { useMemo, type ReactNode } from 'react';
import { CopyButtonFor } from './copy-button-for.js';
import classes from './message.module.css';
import { prettyJson } from './pretty-json.js';
import { visibleText } from './visible-text.js';

/** JSON from outside, pretty, with a button that copies it as it is; text alone, whatever is in it. */
export function JsonText({ text, label }: { text: string; label: string }): ReactNode {
  const shown = useMemo(() => visibleText(prettyJson(text) ?? text), [text]);
  return (
    <div>
      <Group justify="flex-end" mb={6}>
        <CopyButtonFor text={text} what={label} />
      </Group>
      <Code block className={classes['body'] ?? ''} tabIndex={0} role="region" aria-label={label}>
        {shown}
      </Code>
    </div>
  );
}
