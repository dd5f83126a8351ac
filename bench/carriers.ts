import mongoose from 'mongoose';

/** Which workflows carried the first attempts of the deliveries that were made since then: how many in how many groups, how many alone. */
export async function carriersOf(uri: string, since: Date): Promise<string> {
  const connection = await mongoose.createConnection(uri, { dbName: 'postrider' }).asPromise();
  try {
    const carriers = await connection
      .collection('deliveries')
      .aggregate<{ _id: string; deliveries: number }>([
        { $match: { createdAt: { $gte: since } } },
        { $group: { _id: '$workflowId', deliveries: { $sum: 1 } } },
      ])
      .toArray();
    const groups = carriers.filter(({ _id }) => _id.startsWith('group/'));
    const inGroups = groups.reduce((sum, { deliveries }) => sum + deliveries, 0);
    const each = groups.length === 0 ? '' : `, ${(inGroups / groups.length).toFixed(1)} each`;
    return `${inGroups} in ${groups.length} groups${each}; ${carriers.length - groups.length} in workflows of their own`;
  } finally {
    await connection.close();
  }
}
