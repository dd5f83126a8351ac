import { Group, Input, List, SegmentedControl, Text } from '@mantine/core';
import { useMemo, useState, type ReactNode } from 'react';
import { CodeEditor } from '../code/code-editor.js';
import { jsonText, parseJson } from '../code/json-text.js';
import { faultsIn, type FilterRules } from './engine.js';
import { readRules } from './read-rules.js';
import { RuleGroup } from './rule-group.js';
import type { Group as Rules } from './rules.js';
import type { SamplePath } from './sample-paths.js';
import { faultsOf, writeRules } from './write-rules.js';

/** A filter as far as it is written: null for none, and why it cannot be saved yet. */
export interface WrittenFilter {
  rules: FilterRules | null;
  fault: string | null;
}

/**
 * A field for a filter: rules that are put together, or its JSON, which can say more. It begins with `initial` and keeps
 * what is typed to itself; give it another `key` for another filter. `showFaults` marks rules that are not whole.
 */
export function FilterField({
  initial,
  paths,
  showFaults,
  error,
  onChange,
}: {
  initial: FilterRules | null;
  paths: readonly SamplePath[];
  showFaults: boolean;
  error?: ReactNode;
  onChange: (written: WrittenFilter) => void;
}): ReactNode {
  const [view, setView] = useState<'rules' | 'json'>('rules');
  const [rules, setRules] = useState<Rules>(() => readRules(initial ?? {}));
  const [text, setText] = useState('');
  const read = useMemo(() => readText(text), [text]);
  const incomplete = faultsOf(rules);
  const changeRules = (next: Rules): void => {
    setRules(next);
    const isWhole = faultsOf(next).size === 0;
    const filter = isWhole ? (writeRules(next) ?? null) : null;
    const [fault] = filter === null ? [] : faultsIn(filter);
    onChange({
      rules: filter,
      fault: isWhole ? (fault?.message ?? null) : 'A rule is not whole yet.',
    });
  };
  const changeText = (next: string): void => {
    setText(next);
    const { filter, faults } = readText(next);
    onChange({ rules: faults.length > 0 ? null : filter, fault: faults[0]?.message ?? null });
  };
  const show = (next: string): void => {
    if (next === 'json') {
      setText(jsonText(isUntouched(rules, initial) ? initial : writeRules(rules)));
      setView('json');
    } else {
      setRules(readRules(read.filter ?? {}));
      setView('rules');
    }
  };
  const isStuck = view === 'json' ? read.faults.length > 0 : incomplete.size > 0;
  return (
    <Input.Wrapper
      label="Filter"
      labelElement="div"
      description="Rules over the event’s data; without any, every event of these types goes."
      error={error}
    >
      <Group justify="space-between" my={8}>
        <SegmentedControl
          size="xs"
          aria-label="How the filter is written"
          data={[
            { value: 'rules', label: 'Rules', disabled: view === 'json' && isStuck },
            { value: 'json', label: 'JSON', disabled: view === 'rules' && isStuck },
          ]}
          value={view}
          onChange={show}
          transitionDuration={0}
        />
        {isStuck ? (
          <Text size="xs" c="dimmed">
            {view === 'json'
              ? 'Rules can be shown once this is a filter.'
              : 'Complete the rules to see their JSON.'}
          </Text>
        ) : null}
      </Group>
      {view === 'rules' ? (
        <RuleGroup
          group={rules}
          paths={paths}
          faults={showFaults ? incomplete : new Map()}
          onChange={changeRules}
        />
      ) : (
        <>
          <CodeEditor
            label="Filter as JSON"
            value={text}
            onChange={changeText}
            faults={read.faults}
            minHeight={110}
          />
          <Faults faults={read.faults} />
        </>
      )}
    </Input.Wrapper>
  );
}

function Faults({ faults }: { faults: readonly { path: string; message: string }[] }): ReactNode {
  if (faults.length === 0) return null;
  return (
    <List size="sm" mt={6} c="var(--mantine-color-error)" listStyleType="none" role="alert">
      {faults.map(({ path, message }) => (
        <List.Item key={`${path} ${message}`}>
          <Text span size="sm" fw={600} ff="monospace">
            {path}
          </Text>{' '}
          {message}
        </List.Item>
      ))}
    </List>
  );
}

/** The filter that a text is, with what is wrong with it; empty text is no filter. */
function readText(text: string): {
  filter: FilterRules | null;
  faults: readonly { path: string; message: string }[];
} {
  const parsed = parseJson(text);
  if (!parsed.ok) return { filter: null, faults: [{ path: '', message: parsed.message }] };
  if (parsed.value === undefined) return { filter: null, faults: [] };
  const faults = faultsIn(parsed.value).map(({ path, message }) => ({ path: path.join('.'), message }));
  return { filter: parsed.value as FilterRules, faults };
}

/** Whether rules still say what the filter said, however it was written. */
function isUntouched(rules: Rules, initial: FilterRules | null): boolean {
  return JSON.stringify(writeRules(rules)) === JSON.stringify(writeRules(readRules(initial ?? {})));
}
