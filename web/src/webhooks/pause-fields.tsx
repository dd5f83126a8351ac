import { Checkbox, Group, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { WebhookForm } from './webhook-form.js';

/** When Postrider pauses a webhook by itself. What it then gets is held, and goes on when it is active again. */
export function PauseFields({ form }: { form: WebhookForm }): ReactNode {
  const { pauseAfter, pauseOnGone } = form.getValues();
  return (
    <Group gap="lg" align="flex-start" grow>
      <TextInput
        label="Pause when it only fails for"
        description="Such as 5d or 12h; 0s for never. Events are held, not lost. Empty: as this Postrider does."
        placeholder="5d"
        data-path="pauseAfter"
        error={form.errors['pauseAfter']}
        value={pauseAfter ?? ''}
        onChange={({ currentTarget: { value } }) => {
          form.setFieldValue('pauseAfter', value.trim() === '' ? null : value);
          form.clearFieldError('pauseAfter');
        }}
      />
      <Checkbox
        mt={4}
        label="Pause at once when it answers 410"
        description="With 410 a receiver says that it is gone for good."
        checked={pauseOnGone}
        onChange={({ currentTarget: { checked } }) => form.setFieldValue('pauseOnGone', checked)}
      />
    </Group>
  );
}
