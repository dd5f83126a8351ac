import { describe, expect, it } from '@jest/globals';
import { startTestPostrider } from '../support/postrider.js';
import { TcpProxy } from '../support/tcp-proxy.js';

describe('a stop', () => {
  it('is told by /readyz and by each answer for a while, during which calls are still taken', async () => {
    const postrider = await startTestPostrider();
    const { api } = postrider;
    expect((await api.get('/v1/me')).headers.get('connection')).toBe('keep-alive');
    postrider.ctx.lifecycle.stop();
    const { status, body } = await api.get('/readyz');
    expect([status, body.status]).toEqual([503, 'stopping']);
    expect((await api.get('/healthz')).status).toBe(503);
    const last = await api.get('/v1/me');
    expect([last.status, last.headers.get('connection')]).toEqual([200, 'close']);
    await postrider.stop();
    await expect(api.get('/healthz')).rejects.toThrow('fetch failed');
  });

  it('comes to its end where Temporal was never reached', async () => {
    const temporal = await TcpProxy.start(process.env['TEST_TEMPORAL_ADDRESS'] ?? '');
    await temporal.cut();
    const postrider = await startTestPostrider({ env: { TEMPORAL_ADDRESS: temporal.address } });
    expect((await postrider.as(undefined).get('/readyz')).status).toBe(503);
    await postrider.stop();
  });
});
