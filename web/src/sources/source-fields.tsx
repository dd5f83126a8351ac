import {
  Button,
  Divider,
  Group,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
  Textarea,
} from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useState, type ReactNode } from 'react';
import { SecretInput } from '../auth/secret-input.js';
import { CodeEditor } from '../code/code-editor.js';
import { CopyText } from '../show/copy-text.js';
import {
  newSigningSecret,
  withVerification,
  type SourceValues,
  type VerificationType,
} from './source-values.js';

const kinds: Record<VerificationType, string> = {
  none: 'Nothing: whoever knows the URL',
  header: 'A header with a fixed value',
  hmac_sha256: 'A signature: HMAC-SHA256 of the body',
  standard_webhooks: 'Standard Webhooks',
};

type Form = UseFormReturnType<SourceValues>;

/** What can be set of a source. */
export function SourceFields({ form }: { form: Form }): ReactNode {
  return (
    <Stack gap="md">
      <TextInput label="Name" placeholder="Carrier" maxLength={200} {...form.getInputProps('name')} />
      <Divider label="Who may send" labelPosition="left" />
      <VerificationFields form={form} />
      <Divider label="What it answers" labelPosition="left" />
      <RespondFields form={form} />
      <Divider label="What a request speaks of" labelPosition="left" />
      <CorrelationFields form={form} />
    </Stack>
  );
}

function VerificationFields({ form }: { form: Form }): ReactNode {
  const { verification } = form.getValues();
  const { type } = verification;
  return (
    <>
      <Select
        label="A request proves itself by"
        data={Object.entries(kinds).map(([value, label]) => ({ value, label }))}
        value={type}
        allowDeselect={false}
        onChange={(next) =>
          form.setFieldValue('verification', withVerification(verification, next as VerificationType))
        }
      />
      {type === 'header' || type === 'hmac_sha256' ? (
        <TextInput
          label="Header"
          placeholder={type === 'header' ? 'x-carrier-auth' : 'x-signature'}
          required
          spellCheck={false}
          {...form.getInputProps('verification.header')}
        />
      ) : null}
      {type === 'header' ? (
        <SecretInput label="Value" required {...form.getInputProps('verification.value')} />
      ) : null}
      {type === 'hmac_sha256' ? (
        <>
          <SecretInput label="Secret" required {...form.getInputProps('verification.secret')} />
          <Select
            label="Encoding"
            description="With or without sha256= before it."
            data={['hex', 'base64']}
            allowDeselect={false}
            {...form.getInputProps('verification.encoding')}
          />
        </>
      ) : null}
      {type === 'standard_webhooks' ? <StandardSecret form={form} /> : null}
      {type === 'none' ? null : (
        <Text size="sm" c="dimmed">
          What does not prove itself is answered 401, and recorded all the same.
        </Text>
      )}
    </>
  );
}

function StandardSecret({ form }: { form: Form }): ReactNode {
  const [made, setMade] = useState('');
  const { secret } = form.getValues().verification;
  return (
    <div>
      <Group gap="xs" align="flex-start" wrap="nowrap">
        <div style={{ flex: 1 }}>
          <SecretInput
            label="Secret"
            required
            placeholder="whsec_…"
            {...form.getInputProps('verification.secret')}
          />
        </div>
        <Button
          variant="default"
          mt={25}
          onClick={() => {
            const next = newSigningSecret();
            setMade(next);
            form.setFieldValue('verification.secret', next);
          }}
        >
          Make one
        </Button>
      </Group>
      {made !== '' && made === secret ? (
        <Text size="sm" component="div" mt={6}>
          Give it to the sender now; once saved it is not shown again. <CopyText text={made} what="Secret" />
        </Text>
      ) : null}
    </div>
  );
}

function RespondFields({ form }: { form: Form }): ReactNode {
  const { kind, body } = form.getValues().respond;
  const error = form.errors['respond.body'];
  return (
    <>
      <Group grow align="flex-start">
        <NumberInput
          label="Status"
          min={200}
          max={599}
          clampBehavior="none"
          allowDecimal={false}
          {...form.getInputProps('respond.status')}
        />
        <NumberInput
          label="Delay in ms"
          min={0}
          max={30_000}
          step={500}
          clampBehavior="none"
          allowDecimal={false}
          {...form.getInputProps('respond.delayMs')}
        />
      </Group>
      <div>
        <Text size="sm" fw={600} mb={4}>
          Body
        </Text>
        <SegmentedControl
          aria-label="Body"
          data={[
            { value: 'none', label: 'None' },
            { value: 'text', label: 'Text' },
            { value: 'json', label: 'JSON' },
          ]}
          value={kind}
          onChange={(next) => form.setFieldValue('respond.kind', next)}
        />
      </div>
      {kind === 'text' ? (
        <Textarea
          aria-label="Body as text"
          autosize
          minRows={2}
          maxRows={10}
          {...form.getInputProps('respond.body')}
        />
      ) : null}
      {kind === 'json' ? (
        <CodeEditor
          label="Body as JSON"
          value={body}
          onChange={(text) => form.setFieldValue('respond.body', text)}
          minHeight={90}
          error={error}
        />
      ) : null}
      {kind === 'none' && error ? (
        <Text size="sm" c="var(--mantine-color-error)">
          {error}
        </Text>
      ) : null}
    </>
  );
}

function CorrelationFields({ form }: { form: Form }): ReactNode {
  const { place } = form.getValues().correlation;
  const errors = ['correlation', 'correlation.header', 'correlation.path', 'correlation.name'];
  return (
    <>
      <Select
        label="Its delivery or event is named in"
        description="The id of a delivery or an event, or a correlation id: so a callback is found from what it answers."
        data={[
          { value: 'none', label: 'Postrider’s own headers alone' },
          { value: 'header', label: 'A header' },
          { value: 'path', label: 'A field of its JSON body' },
        ]}
        allowDeselect={false}
        {...form.getInputProps('correlation.place')}
      />
      {place === 'none' ? null : (
        <TextInput
          label={place === 'header' ? 'Header' : 'Path'}
          placeholder={place === 'header' ? 'x-order-id' : 'data.orderId'}
          required
          spellCheck={false}
          {...form.getInputProps('correlation.name')}
          error={errors.map((path) => form.errors[path]).find((each) => each !== undefined)}
        />
      )}
    </>
  );
}
