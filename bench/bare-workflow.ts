import { proxyActivities } from '@temporalio/workflow';

const { post } = proxyActivities<{ post(url: string, id: string): Promise<void> }>({
  startToCloseTimeout: '1 minute',
});

/** The least that a durable delivery can be: one activity that posts. */
export async function bare(url: string, id: string): Promise<void> {
  await post(url, id);
}
