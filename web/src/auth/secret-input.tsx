import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { mask } from './auth-values.js';

/** The mask can be read, and there is nothing behind it to look at. */
const kept = {
  visible: true,
  description: 'Stored; type to replace it',
  visibilityToggleButtonProps: { style: { display: 'none' } },
};

/** A secret that goes in and never comes out: where one is stored the mask shows it, and stays until it is typed over. */
export function SecretInput(props: PasswordInputProps): ReactNode {
  const isKept = props.value === mask;
  return (
    <PasswordInput
      autoComplete="new-password"
      onFocus={(event) => event.currentTarget.select()}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      {...props}
      {...(isKept ? kept : {})}
    />
  );
}
