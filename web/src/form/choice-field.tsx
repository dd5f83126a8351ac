import { Input, SegmentedControl, Text } from '@mantine/core';
import { useId } from '@mantine/hooks';
import type { ReactNode } from 'react';

/** A choice between a few, with what the present one means below them. */
export function ChoiceField<Value extends string>({
  label,
  choices,
  value,
  onChange,
  error,
}: {
  label: string;
  choices: readonly { value: Value; label: string; means: string }[];
  value: Value;
  onChange: (value: Value) => void;
  error?: ReactNode;
}): ReactNode {
  const id = useId();
  return (
    <Input.Wrapper label={label} labelElement="div" labelProps={{ id }} error={error}>
      <SegmentedControl
        fullWidth
        aria-labelledby={id}
        data={choices.map((choice) => ({ value: choice.value, label: choice.label }))}
        value={value}
        onChange={onChange}
      />
      <Text size="sm" c="dimmed" mt={6} aria-live="polite">
        {choices.find((choice) => choice.value === value)?.means}
      </Text>
    </Input.Wrapper>
  );
}
