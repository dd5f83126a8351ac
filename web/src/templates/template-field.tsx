import { Button, Combobox, Group, Text, useCombobox } from '@mantine/core';
import { IconBraces } from '@tabler/icons-react';
import { useRef, useState, type ReactNode } from 'react';
import { CodeEditor } from '../code/code-editor.js';
import type { CodeHandle } from '../code/code-field.js';
import { placeholdersOf, type Placeholder } from './placeholders.js';

/** A payload template as JSON text, with the placeholders that the sample's data has, to be inserted where the cursor stands. */
export function TemplateField({
  value,
  onChange,
  error,
  data,
}: {
  value: string;
  onChange: (text: string) => void;
  error?: ReactNode;
  /** Of the sample. */
  data: unknown;
}): ReactNode {
  const editor = useRef<CodeHandle>(null);
  const isEmpty = value.trim() === '';
  return (
    <div>
      <Group justify="space-between" mb={6} gap="xs">
        <Text size="sm" fw={600}>
          Payload template
        </Text>
        <Group gap="xs">
          {isEmpty ? (
            <Button size="compact-sm" variant="default" onClick={() => onChange(startFrom(data))}>
              Start from the sample
            </Button>
          ) : (
            <Button size="compact-sm" variant="subtle" onClick={() => onChange('')}>
              Without a template
            </Button>
          )}
          <InsertPlaceholder data={data} onInsert={(text) => editor.current?.insert(text)} />
        </Group>
      </Group>
      <CodeEditor
        label="Payload template"
        hideLabel
        language="template"
        minHeight={112}
        handle={editor}
        value={value}
        onChange={onChange}
        error={error}
      />
      <Text size="xs" c="dimmed" mt={6}>
        {isEmpty
          ? 'Empty: the event goes as {"id", "type", "timestamp", "data"}.'
          : 'A string that is one placeholder takes the value’s JSON type. What an event lacks becomes null, or nothing inside text. {{ and }} are braces.'}
      </Text>
    </div>
  );
}

/** A first template: every top field of the data by its placeholder. */
function startFrom(data: unknown): string {
  const names = placeholdersOf(data).data.filter(({ path }) => !path.includes('.'));
  const fields = names.map(({ path }) => [path, `{${path}}`]);
  return JSON.stringify(
    { event: '{eventName}', sentAt: '{currentDateTime}', ...Object.fromEntries(fields) },
    null,
    2,
  );
}

function InsertPlaceholder({
  data,
  onInsert,
}: {
  data: unknown;
  onInsert: (text: string) => void;
}): ReactNode {
  const [search, setSearch] = useState('');
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setSearch('');
    },
    onDropdownOpen: () => combobox.focusSearchInput(),
  });
  const found = placeholdersOf(data);
  const matching = (all: readonly Placeholder[]): readonly Placeholder[] =>
    all.filter(({ path }) => path.toLowerCase().includes(search.trim().toLowerCase()));
  const groups = [
    { label: 'Of the event’s data', placeholders: matching(found.data) },
    { label: 'Of every event', placeholders: matching(found.own) },
  ].filter(({ placeholders }) => placeholders.length > 0);
  return (
    <Combobox
      store={combobox}
      width={340}
      position="bottom-end"
      withinPortal
      onOptionSubmit={(path) => {
        onInsert(`{${path}}`);
        combobox.closeDropdown();
      }}
    >
      <Combobox.Target withAriaAttributes={false}>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconBraces size={14} aria-hidden />}
          onClick={() => combobox.toggleDropdown()}
        >
          Insert placeholder
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          aria-label="Find a placeholder"
          placeholder="Find a placeholder"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Combobox.Options mah={300} style={{ overflowY: 'auto' }}>
          {groups.map(({ label, placeholders }) => (
            <Combobox.Group key={label} label={label}>
              {placeholders.map(({ path, value }) => (
                <Combobox.Option key={path} value={path}>
                  <Text size="sm" ff="monospace">
                    {path}
                  </Text>
                  <Text size="xs" c="dimmed" truncate>
                    {typeof value === 'string' ? value : JSON.stringify(value)}
                  </Text>
                </Combobox.Option>
              ))}
            </Combobox.Group>
          ))}
          {groups.length === 0 ? <Combobox.Empty>Nothing of that name in the sample</Combobox.Empty> : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
