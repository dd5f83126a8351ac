import '@mantine/notifications/styles.css';
import { modals, ModalsProvider } from '@mantine/modals';
import { Notifications, notifications } from '@mantine/notifications';
import { useEffect, type ReactNode } from 'react';

/** What is asked before something is done. */
export interface Question {
  title: string;
  detail: ReactNode;
  /** The word on the button that does it: "Delete". */
  confirm: string;
  cancel?: string;
}

/** Shows questions and notices; the page holds it once there is one. */
export default function DialogHost({ onReady }: { onReady: () => void }): ReactNode {
  useEffect(onReady, [onReady]);
  return (
    <ModalsProvider>
      <Notifications position="bottom-left" />
    </ModalsProvider>
  );
}

/** Asks, and tells whether the answer was yes. */
export async function ask({ title, detail, confirm, cancel = 'Cancel' }: Question): Promise<boolean> {
  return new Promise((resolve) => {
    modals.openConfirmModal({
      title,
      children: detail,
      labels: { confirm, cancel },
      confirmProps: { color: 'red' },
      onConfirm: () => resolve(true),
      onClose: () => resolve(false),
    });
  });
}

/** Says something in the corner. */
export function say({
  kind = 'done',
  title,
  message,
}: {
  message: ReactNode;
  title?: string;
  kind?: 'done' | 'problem';
}): void {
  notifications.show({
    message,
    ...(title === undefined ? {} : { title }),
    color: kind === 'done' ? 'teal' : 'red',
    autoClose: kind === 'done' ? 3_000 : false,
    closeButtonProps: { 'aria-label': 'Close' },
    ...(kind === 'problem' ? { role: 'alert' } : {}),
  });
}
