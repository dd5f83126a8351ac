import { Button, Group, Tabs } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useState, type ReactNode } from 'react';
import { useLinks } from '../address/links.js';
import { useSearchState } from '../address/search-state.js';
import { api, dataOf, ifMatch, revisionOf, type Revision } from '../api/client.js';
import { problemIn } from '../api/problem.js';
import { keyOf } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import { FailingNotice } from '../comparison/failing-notice.js';
import { SidePanel } from '../panel/side-panel.js';
import { useMay } from '../session/session.js';
import { notify } from '../shell/dialogs.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { sampleBody, useSample } from '../templates/sample.js';
import { ConflictNotice } from './conflict-notice.js';
import { PayloadTab } from './payload-tab.js';
import { SettingsFields } from './settings-fields.js';
import { TestTab } from './test-tab.js';
import { useWebhookForm } from './webhook-form.js';
import { readWebhook } from './read-webhook.js';
import { useSubscriptionsOf, WebhookSubscriptions } from './webhook-subscriptions.js';
import { WebhookLanes } from './webhook-lanes.js';
import { WebhookUpkeep } from './webhook-upkeep.js';
import { changesOf, webhookValuesOf } from './webhook-values.js';
import classes from './webhook.module.css';

type Webhook = Schema<'Webhook'>;

/** The form of a webhook, that began with `first`. */
export function WebhookEditor({ first }: { first: Revision<Webhook> }): ReactNode {
  const to = useLinks();
  const may = useMay();
  const formId = useId();
  const queries = useQueryClient();
  const [{ tab }, setAddress] = useSearchState({ tab: 'settings' });
  const [base, setBase] = useState(first);
  const [theirs, setTheirs] = useState<Revision<Webhook>>();
  const form = useWebhookForm(webhookValuesOf(first.data));
  const { id, name } = base.data;
  const sample = useSample(useSubscriptionsOf(id)?.flatMap(({ eventTypes }) => eventTypes));
  const isDirty = form.isDirty();
  const test = useMutation({
    mutationFn: async () =>
      dataOf(api.POST('/v1/webhooks/{id}/test', { params: { path: { id } }, body: sampleBody(sample) })),
  });

  useEffect(() => {
    const [path] = Object.keys(form.errors);
    if (path !== undefined)
      setAddress({ tab: /^(payloadTemplate|format)/.test(path) ? 'payload' : 'settings' });
  }, [form.errors, setAddress]);

  const adopt = (next: Revision<Webhook>): void => {
    const values = webhookValuesOf(next.data);
    form.setInitialValues(values);
    form.setValues(values);
    setBase(next);
    setTheirs(undefined);
    void queries.invalidateQueries({ queryKey: keyOf('webhooks') });
  };
  const save = async (etag: string): Promise<void> => {
    const body = changesOf(form.getValues(), form.getInitialValues());
    const call = api.PATCH('/v1/webhooks/{id}', { params: { path: { id } }, headers: ifMatch(etag), body });
    try {
      adopt(await revisionOf(call));
    } catch (error) {
      if (problemIn(error).code !== 'precondition_failed') throw error;
      setTheirs(await readWebhook(id));
      throw new Conflict();
    }
  };
  const submit = async (etag: string): Promise<boolean> => {
    let isSaved = false;
    await form.submit(async () => {
      try {
        await save(etag);
        isSaved = true;
      } catch (error) {
        if (!(error instanceof Conflict)) throw error;
      }
    })();
    if (isSaved) await notify({ message: `${name} saved` });
    return isSaved;
  };
  const sendTest = async (): Promise<void> => {
    if (isDirty && !(await submit(base.etag))) return;
    setAddress({ tab: 'test' });
    if (sample.eventType !== undefined) test.mutate();
  };

  return (
    <SidePanel
      title={name}
      closeTo={to('webhooks')}
      isDirty={isDirty}
      footer={
        <Group gap="sm" justify="space-between">
          {may('operate') && tab !== 'test' ? (
            <Button
              variant="default"
              leftSection={<IconSend size={16} aria-hidden />}
              loading={test.isPending}
              disabled={sample.isLoading}
              onClick={() => void sendTest()}
            >
              {isDirty ? 'Save and send test' : 'Send test'}
            </Button>
          ) : (
            <span />
          )}
          {may('configure') ? (
            <Group gap="sm">
              {isDirty ? (
                <Button variant="subtle" color="gray" onClick={() => form.reset()}>
                  Discard
                </Button>
              ) : null}
              <Button type="submit" form={formId} disabled={!isDirty} loading={form.submitting}>
                Save
              </Button>
            </Group>
          ) : null}
        </Group>
      }
    >
      <form
        id={formId}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit(base.etag);
        }}
      >
        {theirs ? (
          <ConflictNotice
            before={base.data}
            theirs={theirs.data}
            mine={changesOf(form.getValues(), form.getInitialValues())}
            onKeepMine={() => void submit(theirs.etag)}
            onTakeTheirs={() => adopt(theirs)}
          />
        ) : null}
        {form.problem ? <ProblemNotice error={form.problem} mb="md" /> : null}
        <FailingNotice webhookId={id} />
        <Tabs value={tab} onChange={(next) => setAddress({ tab: next ?? 'settings' })} keepMounted={false}>
          <Tabs.List mb="lg">
            <Tabs.Tab value="settings">Settings</Tabs.Tab>
            <Tabs.Tab value="payload">Payload</Tabs.Tab>
            {may('operate') ? <Tabs.Tab value="test">Test</Tabs.Tab> : null}
          </Tabs.List>
          <Tabs.Panel value="settings">
            <fieldset disabled={!may('configure')} className={classes['fields']}>
              <SettingsFields
                form={form}
                saved={base.data}
                events={
                  <>
                    <WebhookSubscriptions webhook={base.data} />
                    {base.data.ordered === null ? null : <WebhookLanes webhookId={id} />}
                  </>
                }
              />
              {may('configure') ? (
                <WebhookUpkeep webhook={base.data} onRotated={() => void readWebhook(id).then(setBase)} />
              ) : null}
            </fieldset>
          </Tabs.Panel>
          <Tabs.Panel value="payload">
            <fieldset disabled={!may('configure')} className={classes['fields']}>
              <PayloadTab form={form} sample={sample} webhookId={id} />
            </fieldset>
          </Tabs.Panel>
          <Tabs.Panel value="test">
            <TestTab
              sample={sample}
              test={test}
              isDirty={isDirty}
              onSend={() => void sendTest()}
              onMend={() => setAddress({ tab: 'settings' })}
            />
          </Tabs.Panel>
        </Tabs>
      </form>
    </SidePanel>
  );
}

/** Somebody else saved meanwhile. */
class Conflict extends Error {}
