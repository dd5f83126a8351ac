import { Command } from 'commander';
import { settings, type SettingName } from '../config/environment.js';
import { version } from '../version.js';

/** The option of a setting: `POSTRIDER_DATA_DIR` is `--data-dir`, `MONGODB_URI` is `--mongodb-uri`. */
export function optionOf(name: SettingName): string {
  return `--${name
    .replace(/^POSTRIDER_/, '')
    .toLowerCase()
    .replaceAll('_', '-')}`;
}

/**
 * The environment with the command line's options over it. `--help` and `--version` print, and end the process, as
 * does an option that is not known.
 */
export function withOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  const command = new Command('npm start --')
    .description('Starts Postrider. Each option can also be given as the environment variable beside it.')
    .version(version)
    .configureHelp({ sortOptions: false })
    .allowExcessArguments(false);
  const names = Object.keys(settings) as SettingName[];
  for (const name of names) command.option(`${optionOf(name)} <value>`, `${name}: ${settings[name].help}`);
  command.parse(args, { from: 'user' });
  const given = command.opts<Record<string, string>>();
  const merged: Record<string, string | undefined> = { ...environment };
  for (const name of names) merged[name] = given[camelCase(optionOf(name).slice(2))] ?? environment[name];
  return merged;
}

/** How commander names the value of an option. */
function camelCase(option: string): string {
  return option.replace(/-(.)/g, (_match, letter: string) => letter.toUpperCase());
}
