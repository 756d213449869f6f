import { setTimeout as delay } from 'node:timers/promises';

/** Time as the service sees it; tests pass one that does not wait. */
export interface Clock {
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (milliseconds) => delay(milliseconds),
};
