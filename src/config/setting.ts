import { ConfigError } from './environment.js';

/** What `read` makes of a setting; what it throws becomes a ConfigError that names the setting. */
export function setting<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ConfigError(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
