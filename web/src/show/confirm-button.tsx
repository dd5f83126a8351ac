import { Button, type ButtonProps } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { problemIn } from '../api/problem.js';
import { confirm as isConfirmed, notify } from '../shell/dialogs.js';

/** A button for what cannot be taken back: it asks first, says `question`, shows that it works and what went wrong. */
export function ConfirmButton({
  question,
  detail,
  confirm,
  act,
  children,
  ...props
}: ButtonProps & {
  question: string;
  detail: ReactNode;
  /** The word on the button that does it: "Delete". */
  confirm: string;
  act: () => Promise<void>;
  children: ReactNode;
}): ReactNode {
  const [working, setWorking] = useState(false);
  const run = async (): Promise<void> => {
    if (!(await isConfirmed({ title: question, detail, confirm }))) return;
    setWorking(true);
    try {
      await act();
    } catch (error) {
      const { title, detail: message } = problemIn(error);
      await notify({ title, message, kind: 'problem' });
    } finally {
      setWorking(false);
    }
  };
  return (
    <Button variant="default" {...props} loading={working} onClick={() => void run()}>
      {children}
    </Button>
  );
}
