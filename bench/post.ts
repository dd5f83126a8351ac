import { Agent, request } from 'undici';
import type { Child } from './child.js';
import { inParallel } from './load.js';
import { cpuMs } from './process-usage.js';

/** The CPU of a bare POST to the sink, driver (this process) and sink together, in ms. */
export async function measurePost(sink: Child, url: string, count: number, callers: number): Promise<number> {
  const agent = new Agent({ connections: callers });
  const body = JSON.stringify({ id: 'x', type: 'bench', data: { n: 1 } });
  const ids = Array.from({ length: count }, (_, index) => `post-${index}`);
  const before = cpuMs(process.pid) + cpuMs(sink.pid);
  await inParallel({ ids, callers }, async (id) => {
    const headers = { 'content-type': 'application/json', 'x-id': id };
    const answer = await request(url, { method: 'POST', dispatcher: agent, headers, body });
    await answer.body.dump();
  });
  const used = cpuMs(process.pid) + cpuMs(sink.pid) - before;
  await agent.close();
  return used / count;
}
