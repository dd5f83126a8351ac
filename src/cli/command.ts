import { Argument, Command } from 'commander';
import { settings, type SettingName } from '../config/environment.js';
import { version } from '../version.js';

/** The option of a setting: `POSTRIDER_DATA_DIR` is `--data-dir`, `MONGODB_URI` is `--mongodb-uri`. */
export function optionOf(name: SettingName): string {
  return `--${name
    .replace(/^POSTRIDER_/, '')
    .toLowerCase()
    .replaceAll('_', '-')}`;
}

/** What the program does, and what of it is told by `--help`. */
export const commands = {
  start: 'starts Postrider (the default)',
  'encryption-keys':
    'tells how many stored secrets each encryption key has encrypted, and which may be removed',
  'new-encryption-key':
    'makes an encryption key: in front in the data directory, or one to be put into the settings',
  reencrypt:
    'encrypts all stored secrets with the first encryption key; can be ended at any moment and run again',
} as const;
export type CommandName = keyof typeof commands;

/** What the command line asks for: the environment is the given one with the command line's options over it. */
export interface CommandLine {
  command: CommandName;
  environment: Record<string, string | undefined>;
}

/**
 * Reads the command line. `--help` and `--version` print, and end the process, as does an option or a command that is not
 * known.
 */
export function readCommandLine(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): CommandLine {
  const command = new Command('npm start --')
    .description('Postrider. Each option can also be given as the environment variable beside it.')
    .addArgument(
      new Argument(
        '[command]',
        Object.entries(commands)
          .map(([name, help]) => `${name}: ${help}`)
          .join('; '),
      )
        .choices(Object.keys(commands))
        .default('start'),
    )
    .version(version)
    .configureHelp({ sortOptions: false })
    .allowExcessArguments(false);
  const names = Object.keys(settings) as SettingName[];
  for (const name of names) command.option(`${optionOf(name)} <value>`, `${name}: ${settings[name].help}`);
  command.parse(args, { from: 'user' });
  const given = command.opts<Record<string, string>>();
  const merged: Record<string, string | undefined> = { ...environment };
  for (const name of names) merged[name] = given[camelCase(optionOf(name).slice(2))] ?? environment[name];
  const [name = 'start'] = command.processedArgs as CommandName[];
  return { command: name, environment: merged };
}

/** How commander names the value of an option. */
function camelCase(option: string): string {
  return option.replace(/-(.)/g, (_match, letter: string) => letter.toUpperCase());
}
