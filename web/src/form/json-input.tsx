import { List, Text } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useMemo, type ReactNode } from 'react';
import { CodeEditor } from '../code/code-editor.js';
import type { CodeFault } from '../code/fault-marks.js';
import { parseJson } from '../code/json-text.js';

/** For a form's `validate`: why a field's text is no JSON, null where it is. */
export function jsonFault(text: string): string | null {
  const parsed = parseJson(text);
  return parsed.ok ? null : parsed.message;
}

/**
 * A field of a form whose value is JSON text. What the API finds wrong within it (`schema.properties.0`) is listed beneath
 * and underlined in it, until it is changed.
 */
export function JsonInput<Values extends Record<string, unknown>>({
  form,
  field,
  ...props
}: {
  form: UseFormReturnType<Values>;
  field: keyof Values & string;
  label: string;
  description?: string;
  readOnly?: boolean;
  minHeight?: number;
}): ReactNode {
  const { errors } = form;
  const faults = useMemo(() => faultsUnder(errors, field), [errors, field]);
  const whole = errors[field];
  const change = (text: string): void => {
    form.setFieldValue(field, text as never);
    if (faults.length === 0 && whole === undefined) return;
    const kept = Object.entries(form.errors).filter(([path]) => path.split('.')[0] !== field);
    form.setErrors(Object.fromEntries(kept));
  };
  return (
    <div style={{ width: '100%' }}>
      <CodeEditor
        {...props}
        value={form.getValues()[field] as string}
        onChange={change}
        error={whole}
        faults={faults}
      />
      {faults.length === 0 ? null : (
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
      )}
    </div>
  );
}

function faultsUnder(errors: Record<string, ReactNode>, field: string): CodeFault[] {
  return Object.entries(errors).flatMap(([path, message]) =>
    path.startsWith(`${field}.`) && typeof message === 'string'
      ? [{ path: path.slice(field.length + 1), message }]
      : [],
  );
}
