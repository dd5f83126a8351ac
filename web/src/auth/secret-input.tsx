import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { mask } from './auth-values.js';

/** A secret that goes in and never comes out: where one is stored the mask shows it, and stays until it is typed over. */
export function SecretInput(props: PasswordInputProps): ReactNode {
  const isKept = props.value === mask;
  return (
    <PasswordInput
      autoComplete="new-password"
      onFocus={(event) => event.currentTarget.select()}
      {...(isKept ? { visible: true } : {})}
      {...(isKept && props.description === undefined ? { description: 'Stored; type to replace it' } : {})}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      {...props}
    />
  );
}
