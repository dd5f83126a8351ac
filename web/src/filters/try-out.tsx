import { Alert, List, Select, Stack, Text } from '@mantine/core';
import { IconCheck, IconFilterOff } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { CodeEditor } from '../code/code-editor.js';
import { jsonText, parseJson } from '../code/json-text.js';
import type { Schema } from '../api/schemas.js';
import { failedRules, type Mismatch } from './engine.js';
import type { WrittenFilter } from './filter-field.js';

/** Tries a filter as it is being written on an event's data, which begins with a sample: passes, or why not. */
export function TryOut({
  filter,
  types,
}: {
  filter: WrittenFilter;
  /** The event types whose samples can be tried. */
  types: readonly Pick<Schema<'EventType'>, 'name' | 'samplePayload'>[];
}): ReactNode {
  const [chosen, setChosen] = useState<string>();
  const [typed, setTyped] = useState<{ type: string; text: string }>();
  const type = types.find(({ name }) => name === chosen) ?? types[0];
  const name = type?.name ?? '';
  const text = typed?.type === name ? typed.text : jsonText(type?.samplePayload) || '{}';
  return (
    <Stack gap="xs">
      {types.length > 1 ? (
        <Select
          label="Sample of"
          data={types.map((each) => each.name)}
          value={name}
          allowDeselect={false}
          searchable
          onChange={(next) => setChosen(next ?? undefined)}
        />
      ) : null}
      <Verdict filter={filter} text={text} />
      <CodeEditor
        label="Data to try"
        description="The sample; change it to see what would happen to other data."
        value={text}
        onChange={(next) => setTyped({ type: name, text: next })}
        minHeight={120}
      />
    </Stack>
  );
}

function Verdict({ filter: { rules, fault }, text }: { filter: WrittenFilter; text: string }): ReactNode {
  const data = parseJson(text);
  if (fault !== null || !data.ok) {
    return (
      <Alert variant="light" color="gray" role="status">
        {fault ?? (data.ok ? '' : `The data cannot be tried. ${data.message}`)}
      </Alert>
    );
  }
  const failed = rules === null ? [] : failedRules(rules, data.value);
  if (failed.length === 0) {
    return (
      <Alert
        variant="light"
        color="teal"
        role="status"
        icon={<IconCheck size={18} aria-hidden />}
        title={
          <Title>{rules === null ? 'It passes: there is no rule' : 'It passes: every rule holds'}</Title>
        }
      />
    );
  }
  return (
    <Alert
      variant="light"
      color="orange"
      role="status"
      icon={<IconFilterOff size={18} aria-hidden />}
      title={<Title>The filter keeps it out</Title>}
    >
      <Reasons failed={failed} />
    </Alert>
  );
}

/** In the colour of text: an alert's own is too faint on its ground. */
function Title({ children }: { children: ReactNode }): ReactNode {
  return (
    <Text span inherit c="var(--mantine-color-text)">
      {children}
    </Text>
  );
}

function Reasons({ failed }: { failed: readonly Mismatch[] }): ReactNode {
  return (
    <List size="sm" spacing={4}>
      {failed.map(({ path, operator, message, alternatives }) => (
        <List.Item key={`${path} ${operator} ${message}`} style={{ overflowWrap: 'anywhere' }}>
          {alternatives ? (
            <>
              none of these alternatives holds:
              {alternatives.map((each, index) => (
                // An alternative is told by its place alone.
                // oxlint-disable-next-line react/no-array-index-key
                <Reasons key={index} failed={each} />
              ))}
            </>
          ) : (
            message
          )}
        </List.Item>
      ))}
    </List>
  );
}
