import { version } from '../version.js';

/** How Postrider names itself to receivers and token servers. */
export const userAgent = `Postrider/${version}`;
