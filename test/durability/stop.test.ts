import { describe, expect, it } from '@jest/globals';
import { startTestPostrider } from '../support/postrider.js';
import { TcpProxy } from '../support/tcp-proxy.js';

describe('a stop', () => {
  it('comes to its end where Temporal was never reached', async () => {
    const temporal = await TcpProxy.start(process.env['TEST_TEMPORAL_ADDRESS'] ?? '');
    await temporal.cut();
    const postrider = await startTestPostrider({ env: { TEMPORAL_ADDRESS: temporal.address } });
    expect((await postrider.as(undefined).get('/readyz')).status).toBe(503);
    await postrider.stop();
  });
});
