import { setTimeout as delay } from 'node:timers/promises';
import { journeys } from './journeys.mjs';
import { seededRandom, shuffle } from './random.mjs';

/**
 * Makes every journey `scale` times its usual number, or more or less of it as `mix` says by name, `concurrency` at a
 * time, and returns how many requests that took.
 * Each journey draws from its own seed, so what it does depends neither on its turn nor on the others.
 */
export async function runLoad({ baseUrl, seed, scale, mix, concurrency, thinkMs }) {
  for (const [name, factor] of Object.entries(mix)) {
    if (!journeys.some(({ run }) => run.name === name) || Number.isNaN(factor))
      throw new Error(`There is no journey ${name}, or no number for it: ${factor}`);
  }
  const random = seededRandom(seed);
  const visits = shuffle(
    random,
    journeys.flatMap(({ run, times }) =>
      Array.from({ length: Math.ceil(times * scale * (mix[run.name] ?? 1)) }, (_, index) => ({
        run,
        index,
        seed: Math.floor(random() * 2 ** 32),
      })),
    ),
  );
  let requests = 0;
  const call = async (method, path, { customer, body } = {}) => {
    requests++;
    const response = await fetch(new URL(path, baseUrl), {
      method,
      headers: {
        ...(customer ? { 'x-customer-id': customer } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : undefined };
  };
  const worker = async () => {
    for (let visit = visits.shift(); visit; visit = visits.shift()) {
      const own = seededRandom(visit.seed);
      const think = () => delay(-Math.log(1 - own()) * thinkMs);
      await visit.run({ call, think, random: own, index: visit.index });
      await think();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return requests;
}
