import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pause, say, unlessEnding } from '../../scripts/processes.ts';
import type { Tally } from '../../scripts/tally.ts';
import type { HostEnd, RunningHost } from './host.ts';
import type { SuiteEvent, SuiteName } from './protocol.ts';

/** A test may take a minute; a suite that tells nothing for twice as long hangs. */
const silenceMs = 120_000;
/** No suite takes longer. */
const limitMs = 360_000;

export interface Followed {
  readonly tally: Tally;
  /** The suite was cut short because the page died. */
  readonly pageDied: boolean;
}

/** Prints the suite's events as they come and counts them, until the suite or its host ends or time is up. */
export async function followSuite(name: SuiteName, file: string, host: RunningHost): Promise<Followed> {
  let end: HostEnd | undefined;
  void host.ended.then((reason) => (end = reason));
  const failures: string[] = [];
  const skipped: string[] = [];
  let passed = 0;
  let started = false;
  let state = 'no test had begun';
  const began = Date.now();
  let last = began;

  for (let seen = 0; ; await pause(100)) {
    await unlessEnding();
    // Asked before reading, so that what was written before the end is still counted.
    const over = end ?? timeIsUp(began, last);
    const lines = existsSync(file) ? (await readFile(file, 'utf8')).split('\n').slice(0, -1) : [];
    for (const line of lines.slice(seen)) {
      last = Date.now();
      const event = JSON.parse(line) as SuiteEvent;
      switch (event.type) {
        case 'start':
          if (started) return cutShort('its extension host died and was started again', false);
          started = true;
          say(`${name}: ${event.tests} tests in ${event.host}`);
          break;
        case 'test':
          state = `running: ${event.title}`;
          break;
        case 'pass':
          passed++;
          state = `after: ${event.title}`;
          say(`  ok    ${event.title} (${event.ms} ms)`);
          break;
        case 'fail':
          failures.push(`e2e ${name}: ${event.title}\n${event.error}`);
          state = `after: ${event.title}`;
          say(`  FAIL  ${event.title}\n${event.error}`);
          break;
        case 'skip':
          skipped.push(`e2e ${name}: ${event.title}`);
          say(`  skip  ${event.title}`);
          break;
        case 'note':
          say(`  ${event.text}`);
          break;
        case 'crash':
          // Failed tests make the suite reject, which is no news.
          if (failures.length > 0) break;
          return cutShort(event.error, false);
        case 'end':
          if (passed + failures.length === 0) failures.push(`e2e ${name}: no test ran`);
          return { tally: { passed, failures, skipped }, pageDied: false };
      }
    }
    seen = lines.length;
    if (over !== undefined) return cutShort(over.reason, over.pageDied);
  }

  function cutShort(reason: string, pageDied: boolean): Followed {
    const silence = ((Date.now() - last) / 1000).toFixed(1);
    const failure = `e2e ${name} was cut short: ${reason} (${state}; last heard of ${silence} s ago)`;
    say(`  FAIL  ${failure}`);
    return { tally: { passed, failures: [...failures, failure], skipped }, pageDied };
  }
}

function timeIsUp(began: number, last: number): HostEnd | undefined {
  const now = Date.now();
  if (now - last > silenceMs)
    return { reason: `it said nothing for ${String(silenceMs / 1000)} s`, pageDied: false };
  if (now - began > limitMs)
    return { reason: `it took longer than ${String(limitMs / 1000)} s`, pageDied: false };
  return undefined;
}
