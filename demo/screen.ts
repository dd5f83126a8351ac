import { styleText } from 'node:util';
import type { Attempt, Delivery } from './api.js';

const started = Date.now();
const coloured = process.stdout.isTTY && process.stdout.hasColors();
const nameWidth = 11;
const typeWidth = 18;

type Format = Parameters<typeof styleText>[0];

/** Text in a style, where the terminal shows colours. */
export function style(format: Format, text: string): string {
  return coloured ? styleText(format, text, { validateStream: false }) : text;
}

export function heading(text: string): void {
  console.log(`\n${style('bold', text)}`);
}

/** One line of what happens, with the seconds since the start of the demo. */
export function tell(text: string): void {
  const seconds = ((Date.now() - started) / 1_000).toFixed(1);
  console.log(`${style('dim', `${seconds.padStart(6)} s`)}  ${text}`);
}

/** What came of an attempt, and what follows from it. */
export function tellAttempt(name: string, delivery: Delivery, attempt: Attempt): void {
  const { number, response, errorCode, durationMs, nextAttemptAt, startedAt } = attempt;
  const answer = `${response ? `HTTP ${response.status}` : (errorCode ?? 'no answer')} in ${durationMs} ms`;
  const ok = response !== null && response.status >= 200 && response.status < 300;
  const next =
    nextAttemptAt === null ? '' : `next attempt in ${roundedSeconds(startedAt, nextAttemptAt, durationMs)} s`;
  tell(
    [
      label(name, delivery),
      `attempt ${number}`,
      style(ok ? 'green' : 'red', answer.padEnd(17)),
      style('yellow', next),
    ]
      .join('  ')
      .trimEnd(),
  );
}

/** How a delivery ended. */
export function tellEnd(name: string, delivery: Delivery): void {
  tell(`${label(name, delivery)}  ${outcome(delivery)}`);
}

/** The outcome in words and its colour. */
export function outcome({ status, failureReason, attempts }: Delivery): string {
  const count = attempts.length === 1 ? '1 attempt' : `${attempts.length} attempts`;
  const reason = failureReason === null ? '' : ` (${failureReason})`;
  return style(['bold', status === 'succeeded' ? 'green' : 'red'], `${status}${reason} after ${count}`);
}

export function label(name: string, { eventType }: Pick<Delivery, 'eventType'>): string {
  return `${style('cyan', name.padEnd(nameWidth))} ${eventType.padEnd(typeWidth)}`;
}

function roundedSeconds(startedAt: string, nextAttemptAt: string, durationMs: number): number {
  return Math.round((Date.parse(nextAttemptAt) - Date.parse(startedAt) - durationMs) / 1_000);
}
