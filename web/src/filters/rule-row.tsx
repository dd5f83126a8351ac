import { Autocomplete, CloseButton, Select, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { operators, shapeOf, typesFor, type Operator, type ValueType } from './operators.js';
import { typeOf } from './read-rules.js';
import type { Rule } from './rules.js';
import type { SamplePath } from './sample-paths.js';
import { ValueInput } from './value-input.js';
import type { RuleFault } from './write-rules.js';
import classes from './filter-field.module.css';

/** A rule: a path with suggestions from the samples, an operator, a value. */
export function RuleRow({
  rule,
  paths,
  fault,
  onChange,
  onRemove,
}: {
  rule: Rule;
  paths: readonly SamplePath[];
  fault?: RuleFault | undefined;
  onChange: (rule: Rule) => void;
  onRemove: () => void;
}): ReactNode {
  const samples = paths.find(({ path }) => path === rule.path)?.values ?? [];
  const setPath = (path: string): void => {
    const [sample] = paths.find((each) => each.path === path)?.values ?? [];
    const isUntouched = rule.text === '' && rule.list.length === 0;
    const type = sample === undefined || !isUntouched ? rule.type : typeOf(sample);
    onChange({ ...withType(rule, type), path });
  };
  return (
    <div role="group" aria-label={`Rule ${rule.path}`} className={classes['rule']}>
      <Autocomplete
        aria-label="Field"
        placeholder="Field, such as order.total"
        data={paths.map(({ path }) => path)}
        limit={60}
        maxDropdownHeight={260}
        spellCheck={false}
        value={rule.path}
        error={fault?.field === 'path' ? fault.message : undefined}
        onChange={setPath}
        renderOption={({ option: { value } }) => (
          <span style={{ minWidth: 0 }}>
            <Text span size="sm" style={{ overflowWrap: 'anywhere' }}>
              {value}
            </Text>
            <Text span size="xs" c="dimmed" truncate display="block">
              {exampleOf(paths, value)}
            </Text>
          </span>
        )}
      />
      <Select
        aria-label="Operator"
        data={Object.entries(operators).map(([value, label]) => ({ value, label }))}
        value={rule.operator}
        allowDeselect={false}
        onChange={(operator) => onChange(withOperator(rule, operator as Operator))}
      />
      <CloseButton aria-label={`Remove the rule ${rule.path}`} onClick={onRemove} mt={3} />
      <ValueInput
        rule={rule}
        samples={samples}
        error={fault?.field === 'value' ? fault.message : undefined}
        onChange={onChange}
      />
    </div>
  );
}

function exampleOf(paths: readonly SamplePath[], path: string): string {
  const values = paths.find((each) => each.path === path)?.values ?? [];
  return values
    .slice(0, 3)
    .map((value) => JSON.stringify(value))
    .join(', ');
}

function withType(rule: Rule, type: ValueType): Rule {
  if (!typesFor(rule.operator).includes(type)) return rule;
  return { ...rule, type, text: type === 'boolean' && rule.text === '' ? 'true' : rule.text };
}

/** The rule with another operator: what was typed goes along between one value and a list of them. */
function withOperator(rule: Rule, operator: Operator): Rule {
  const types = typesFor(operator);
  const type = types.includes(rule.type) ? rule.type : 'text';
  const toList =
    shapeOf(operator) === 'list' && rule.list.length === 0 && rule.text !== '' && type !== 'json';
  const toOne = shapeOf(operator) === 'one' && rule.text === '' && type !== 'json';
  return {
    ...rule,
    operator,
    type,
    list: toList ? [rule.text] : rule.list,
    text: toOne ? (rule.list[0] ?? '') : rule.text,
  };
}
