import { Autocomplete, Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { jsonText, parseJson } from '../code/json-text.js';
import { JsonInput, jsonFault } from '../form/json-input.js';
import { useProblemForm } from '../form/problem-form.js';
import { SidePanel } from '../panel/side-panel.js';
import { afterSave } from '../panel/unsaved-guard.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { useEventTypes, type EventType } from './event-types.js';

type Fields = Omit<EventType, 'name' | 'createdAt' | 'updatedAt'>;

/** A panel to make an event type, or to change `type`. `save` calls the API; then `doneAt` of its name is shown. */
export function EventTypeForm({
  title,
  type,
  closeTo,
  doneAt,
  save,
}: {
  title: string;
  type?: EventType;
  closeTo: string;
  doneAt: (name: string) => string;
  save: (name: string, fields: Fields) => Promise<unknown>;
}): ReactNode {
  const navigate = useNavigate();
  const { search } = useLocation();
  const types = useEventTypes();
  const categories = [...new Set(types.rows.flatMap(({ category }) => category ?? []))];
  const form = useProblemForm({
    initialValues: {
      name: type?.name ?? '',
      label: type?.label ?? '',
      category: type?.category ?? '',
      description: type?.description ?? '',
      samplePayload: jsonText(type?.samplePayload),
      schema: jsonText(type?.schema),
    },
    validate: {
      name: (name) => (name.trim() === '' ? 'Give it a name, such as order.paid' : null),
      samplePayload: jsonFault,
      schema: jsonFault,
    },
  });
  const submit = form.submit(async ({ name, label, category, description, samplePayload, schema }) => {
    await save(name.trim(), {
      label: orNull(label),
      category: orNull(category),
      description: orNull(description),
      samplePayload: valueOf(samplePayload),
      schema: valueOf(schema),
    });
    await navigate(doneAt(name.trim()) + search, afterSave);
  });
  return (
    <form onSubmit={submit} noValidate style={{ display: 'contents' }}>
      <SidePanel
        title={title}
        closeTo={closeTo}
        isDirty={form.isDirty()}
        footer={
          <Group justify="flex-end">
            <Button type="submit" loading={form.submitting}>
              {type ? 'Save' : 'Make event type'}
            </Button>
          </Group>
        }
      >
        <Stack gap="md">
          {form.problem ? <ProblemNotice error={form.problem} /> : null}
          {type ? null : (
            <TextInput
              label="Name"
              description="Letters, digits, dots, underscores and hyphens. It stays as it is."
              placeholder="order.paid"
              required
              autoFocus
              autoComplete="off"
              spellCheck={false}
              {...form.getInputProps('name')}
            />
          )}
          <TextInput
            label="Label"
            placeholder="Order paid"
            maxLength={200}
            {...form.getInputProps('label')}
          />
          <Autocomplete
            label="Category"
            placeholder="Orders"
            data={categories}
            maxLength={200}
            {...form.getInputProps('category')}
          />
          <Textarea
            label="Description"
            description="When it happens, for those who subscribe to it."
            autosize
            minRows={2}
            maxRows={8}
            {...form.getInputProps('description')}
          />
          <JsonInput
            form={form}
            field="samplePayload"
            label="Sample payload"
            description="Tests, previews and the filter’s suggestions begin with it."
          />
          <JsonInput
            form={form}
            field="schema"
            label="Schema"
            description="JSON Schema (2020-12) that an event’s data must satisfy; empty for any data."
          />
        </Stack>
      </SidePanel>
    </form>
  );
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}

/** The value of text that is JSON; null for none. */
function valueOf(text: string): unknown {
  const parsed = parseJson(text);
  return parsed.ok ? (parsed.value ?? null) : null;
}
