import { describe, expect, it } from '@jest/globals';
import { startTestPostrider } from '../support/postrider.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { waitFor } from '../support/wait.js';

describe('a stop', () => {
  it('is told by /readyz and by each answer for a while, during which calls are still taken', async () => {
    const postrider = await startTestPostrider({ env: { POSTRIDER_LEAVE: '3s' } });
    const { api } = postrider;
    await waitFor('readiness', async () => (await api.get('/readyz')).status === 200);
    const { headers } = await api.get('/v1/me');
    expect(headers.get('connection')).toBe('keep-alive');
    const stopped = postrider.stop();
    const { status, body } = await waitFor('the answer', async () => {
      const answer = await api.get('/readyz');
      return answer.status === 503 && answer;
    });
    expect([status, body.status]).toEqual([503, 'stopping']);
    expect((await api.get('/healthz')).status).toBe(503);
    const last = await api.get('/v1/me');
    expect([last.status, last.headers.get('connection')]).toEqual([200, 'close']);
    await stopped;
    await expect(api.get('/healthz')).rejects.toThrow('fetch failed');
  }, 30_000);

  it('comes to its end where Temporal was never reached', async () => {
    const temporal = await TcpProxy.start(process.env['TEST_TEMPORAL_ADDRESS'] ?? '');
    await temporal.cut();
    const postrider = await startTestPostrider({ env: { TEMPORAL_ADDRESS: temporal.address } });
    expect((await postrider.as(undefined).get('/readyz')).status).toBe(503);
    await postrider.stop();
  }, 30_000);
});
