import { Button, type ButtonProps } from '@mantine/core';
import { modals } from '@mantine/modals';
import { notifications } from '@mantine/notifications';
import { useState, type ReactNode } from 'react';
import { problemIn } from '../api/problem.js';

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
    setWorking(true);
    try {
      await act();
    } catch (error) {
      const { title, detail: message } = problemIn(error);
      notifications.show({ title, message, color: 'red', autoClose: false });
    } finally {
      setWorking(false);
    }
  };
  const ask = (): void => {
    modals.openConfirmModal({
      title: question,
      children: detail,
      labels: { confirm, cancel: 'Keep it as it is' },
      confirmProps: { color: 'red' },
      onConfirm: () => void run(),
    });
  };
  return (
    <Button variant="default" {...props} loading={working} onClick={ask}>
      {children}
    </Button>
  );
}
