import { Input, Skeleton } from '@mantine/core';
import { lazy, Suspense, type ReactNode } from 'react';
import type { CodeFieldProps } from './code-field.js';

const CodeField = lazy(async () => import('./code-field.js'));

/** A field for JSON or a payload template, highlighted. The editor is loaded when one is first shown; Tab leaves it. */
export function CodeEditor(props: CodeFieldProps): ReactNode {
  const { label, description, minHeight = 160, hideLabel = false } = props;
  return (
    <Suspense
      fallback={
        <Input.Wrapper
          {...(hideLabel ? {} : { label })}
          labelElement="div"
          description={description}
          w="100%"
        >
          <Skeleton height={minHeight} />
        </Input.Wrapper>
      }
    >
      <CodeField {...props} />
    </Suspense>
  );
}
