import type { Clock } from '../runtime/clock.ts';
import { logNormal, type Random } from '../runtime/random.ts';

export interface DatabaseOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Share of the round trips that fail, from 0 to 1. */
  readonly failureRate: number;
}

/** The connection broke while a statement was running. Nobody expects it: it ends as a 500. */
export class ConnectionLostError extends Error {
  constructor(statement: string) {
    super(`Connection lost while running ${statement}`);
    this.name = 'ConnectionLostError';
  }
}

/** Tables live in memory; every statement still takes the time of a round trip, and sometimes fails. */
export class Database {
  readonly #options: DatabaseOptions;

  constructor(options: DatabaseOptions) {
    this.#options = options;
  }

  /** Runs `work` after a round trip whose median time is `medianMs`. */
  async run<T>(statement: string, medianMs: number, work: () => T): Promise<T> {
    const { clock, random, failureRate } = this.#options;
    await clock.sleep(logNormal(random, medianMs));
    if (random() < failureRate) throw new ConnectionLostError(statement);
    return work();
  }
}
