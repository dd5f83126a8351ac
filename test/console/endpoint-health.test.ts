import { describe, expect, it } from '@jest/globals';
import type { Loose } from '../support/api.js';
import { Stage } from './support/stage.js';

const stage = Stage.set();

async function webhook(name: string, stored: object, eventTypes?: string[]): Promise<Loose> {
  const { api, ctx } = stage.postrider;
  const made = await api.make('/v1/webhooks', { name, url: stage.receiver.url(`/${name}`), eventTypes });
  await ctx.models.webhooks.updateOne({ _id: made.id }, stored);
  return made;
}

describe('the health of an endpoint, in the console', () => {
  it('says why Postrider has paused a webhook and what to do, and how long failures may last', async () => {
    const since = new Date(Date.now() - 6 * 86_400_000);
    const paused = { state: 'paused', pausedAt: new Date(), pausedReason: 'failing', failingSince: since };
    const { id } = await webhook('Worn', paused);
    const tab = await stage.open(`/sandbox/webhooks/${id}`);
    const panel = tab.page.getByRole('region', { name: 'Worn', exact: true });
    await panel.getByText('Paused by Postrider').waitFor();
    await panel.getByText('Its deliveries are held, not lost').waitFor();
    await panel.getByText('Active', { exact: true }).click();
    const after = panel.getByRole('textbox', { name: 'Pause when it only fails for' });
    expect(await after.inputValue()).toBe('5d');
    await after.fill('soon');
    await panel.getByRole('button', { name: 'Save', exact: true }).click();
    await panel.getByText('A whole number with a unit').waitFor();
    await after.fill('12h');
    await panel.getByRole('checkbox', { name: 'Pause at once when it answers 410' }).check();
    await tab.told('Worn saved', async () =>
      panel.getByRole('button', { name: 'Save', exact: true }).click(),
    );
    const { body } = await stage.postrider.api.get(`/v1/webhooks/${id}`);
    expect(body).toMatchObject({
      state: 'active',
      pausedReason: null,
      failingSince: null,
      pauseAfter: '12h',
      pauseOnGone: true,
    });
  });

  it('shows that an endpoint is down, and when it is tried again', async () => {
    const now = new Date();
    const probeAt = new Date(now.getTime() + 300_000);
    const circuit = { state: 'open', openedAt: now, since: now, probeAt, probes: 2 };
    await stage.postrider.api.make('/v1/event-types', { name: 'fallen' });
    const { id } = await webhook('Fallen', { failingSince: now, circuit }, ['fallen']);
    const { page } = await stage.open('/sandbox/webhooks');
    await page
      .getByRole('row', { name: /Fallen/ })
      .getByText('down', { exact: true })
      .waitFor();
    await page.goto(`/sandbox/webhooks/${id}`);
    const panel = page.getByRole('region', { name: 'Fallen', exact: true });
    await panel.getByText('Its endpoint is down').waitFor();
    await panel.getByText('the next one is due').waitFor();
    const { deliveries } = await stage.postrider.api.make('/v1/events', { type: 'fallen', data: 1 });
    await stage.postrider.delivery(deliveries[0].id, ({ heldBy }) => heldBy === 'circuit');
    await page.goto('/sandbox/sent');
    await page
      .getByRole('row', { name: /fallen/ })
      .getByText('once its endpoint recovers')
      .waitFor();
    await page.goto(`/sandbox/sent/${deliveries[0].id}`);
    await page.getByText('once a probe of its endpoint succeeds, at the latest in').waitFor();
  });
});
