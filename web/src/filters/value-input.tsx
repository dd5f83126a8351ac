import { Autocomplete, Select, TagsInput, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { shapeOf, typesFor, type ValueType } from './operators.js';
import type { Rule } from './rules.js';
import classes from './filter-field.module.css';

const typeNames: Record<ValueType, string> = {
  text: 'text',
  number: 'number',
  boolean: 'yes/no',
  null: 'null',
  json: 'JSON',
};

/** What a rule compares with: its type, and a field for it with the samples' values. */
export function ValueInput({
  rule,
  samples,
  error,
  onChange,
}: {
  rule: Rule;
  samples: readonly unknown[];
  error?: ReactNode;
  onChange: (rule: Rule) => void;
}): ReactNode {
  const shape = shapeOf(rule.operator);
  if (shape === 'none') return null;
  if (shape === 'count') {
    return (
      <div className={classes['value']}>
        <TextInput
          aria-label="Length"
          inputMode="numeric"
          value={rule.text}
          error={error}
          onChange={(event) => onChange({ ...rule, text: event.currentTarget.value })}
        />
      </div>
    );
  }
  const types = typesFor(rule.operator);
  return (
    <div className={classes['value']}>
      <Select
        aria-label="Type of the value"
        className={classes['type'] ?? ''}
        data={types.map((type) => ({ value: type, label: typeNames[type] }))}
        value={rule.type}
        allowDeselect={false}
        onChange={(type) =>
          onChange({
            ...rule,
            type: type as ValueType,
            text: type === 'boolean' && rule.text !== 'false' ? 'true' : rule.text,
          })
        }
      />
      <Typed {...{ rule, samples, error, onChange }} isList={shape === 'list'} />
    </div>
  );
}

function Typed({
  rule,
  samples,
  error,
  isList,
  onChange,
}: {
  rule: Rule;
  samples: readonly unknown[];
  error?: ReactNode;
  isList: boolean;
  onChange: (rule: Rule) => void;
}): ReactNode {
  const { type, text, list } = rule;
  const set = (next: string): void => onChange({ ...rule, text: next });
  const wanted = type === 'number' ? 'number' : 'string';
  const suggestions = [...new Set(samples.filter((sample) => typeof sample === wanted).map(String))];
  if (type === 'null') {
    return <TextInput aria-label="Value" value="null, or nothing there" disabled />;
  }
  if (type === 'boolean') {
    return (
      <Select
        aria-label="Value"
        data={['true', 'false']}
        value={text === 'false' ? 'false' : 'true'}
        allowDeselect={false}
        onChange={(next) => set(next ?? 'true')}
      />
    );
  }
  if (type === 'json') {
    return (
      <TextInput
        aria-label="Value"
        placeholder={isList ? '[1, "two"]' : '{"id": 7}'}
        spellCheck={false}
        error={error}
        value={text}
        onChange={(event) => set(event.currentTarget.value)}
      />
    );
  }
  if (isList) {
    return (
      <TagsInput
        aria-label="Values"
        placeholder={list.length === 0 ? 'Type one, then Enter' : ''}
        data={suggestions}
        value={[...list]}
        acceptValueOnBlur
        error={error}
        onChange={(next) => onChange({ ...rule, list: next })}
      />
    );
  }
  return (
    <Autocomplete
      aria-label="Value"
      data={suggestions}
      value={text}
      spellCheck={false}
      inputMode={type === 'number' ? 'decimal' : 'text'}
      error={error}
      onChange={set}
    />
  );
}
