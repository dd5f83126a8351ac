import { ActionIcon, Button, Group, Input, Stack, Switch, Text, TextInput, Tooltip } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { mask } from '../auth/auth-values.js';
import { SecretInput } from '../auth/secret-input.js';
import { errorUnder } from '../form/error-under.js';
import type { WebhookForm } from './webhook-form.js';
import { isSecretName } from './webhook-values.js';
import classes from './webhook.module.css';

/** A webhook's own headers, added and removed one by one. A secret one is masked once it is saved, and kept. */
export function HeaderFields({ form }: { form: WebhookForm }): ReactNode {
  const { headers } = form.getValues();
  return (
    <Input.Wrapper
      label="Headers"
      labelElement="div"
      description="Sent with every request, beside those that Postrider sets."
      error={form.errors['headers'] === undefined ? undefined : errorUnder(form.errors, 'headers')}
    >
      <Stack gap="xs" mt={6}>
        {headers.map((header, index) => {
          const isSecret = header.secret ?? isSecretName(header.name);
          const Value = isSecret ? SecretInput : TextInput;
          const label = header.name === '' ? `header ${index + 1}` : header.name;
          return (
            // Headers have no id of their own: the form keeps them by their places.
            // oxlint-disable-next-line react/no-array-index-key
            <div key={index} className={classes['header']}>
              <TextInput
                aria-label={`Name of ${label}`}
                placeholder="x-team"
                {...form.getInputProps(`headers.${index}.name`)}
              />
              <Value
                aria-label={`Value of ${label}`}
                placeholder="Value"
                {...form.getInputProps(`headers.${index}.value`)}
              />
              <Tooltip label="A secret is stored encrypted, and never shown again">
                <Switch
                  mt={9}
                  label="Secret"
                  size="xs"
                  checked={isSecret}
                  onChange={(event) => {
                    const secret = event.currentTarget.checked;
                    form.setFieldValue(`headers.${index}.secret`, secret);
                    // What is masked cannot be shown again.
                    if (!secret && header.value === mask) form.setFieldValue(`headers.${index}.value`, '');
                  }}
                />
              </Tooltip>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={34}
                aria-label={`Remove ${label}`}
                onClick={() => form.removeListItem('headers', index)}
              >
                <IconTrash size={17} aria-hidden />
              </ActionIcon>
            </div>
          );
        })}
        {headers.length === 0 ? (
          <Text size="sm" c="dimmed">
            None
          </Text>
        ) : null}
        <Group>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => form.insertListItem('headers', { name: '', value: '', secret: undefined })}
          >
            Add header
          </Button>
        </Group>
      </Stack>
    </Input.Wrapper>
  );
}
