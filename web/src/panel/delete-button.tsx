import type { ReactNode } from 'react';
import { ConfirmButton } from '../show/confirm-button.js';
import { useDeletion, type Deletion } from './deletion.js';

/** Deletes what a panel shows, after a question, and leaves the panel. */
export function DeleteButton({
  question,
  detail,
  ...deletion
}: Deletion & { question: string; detail: string }): ReactNode {
  const remove = useDeletion();
  return (
    <ConfirmButton
      color="red"
      c="var(--mantine-color-error)"
      variant="subtle"
      question={question}
      detail={detail}
      confirm="Delete"
      act={async () => remove(deletion)}
    >
      Delete
    </ConfirmButton>
  );
}
