import type { FileFacts } from '../code/facts.ts';
import { functionValue } from './evaluate.ts';
import { callFunction } from './invoke.ts';
import { newEnv, type Machine } from './machine.ts';
import { injectedValue } from './members.ts';
import { enterModule } from './modules.ts';
import type { Involved } from './relevance.ts';
import type { Env } from './value.ts';

/**
 * Runs functions that register handlers but that no executed code called (entry points that a tool or a test calls): callers
 * first, so that what they pass is known, then the rest with what types and names of parameters say.
 */
export function runUnreached(m: Machine, { functions, called }: Involved): void {
  for (const isCalled of [false, true]) {
    for (const [fact, { file, index }] of functions) {
      if (called.has(fact) !== isCalled || m.reached.has(fact)) continue;
      try {
        run(m, file, index);
      } catch (error) {
        // Code nested deeper than the stack: the rest still counts.
        if (!(error instanceof RangeError)) throw error;
        m.stack.length = 0;
      }
    }
  }
}

function run(m: Machine, file: FileFacts, index: number): void {
  const env = closureOf(m, file, index);
  const cls = file.classes.findIndex((c) => c.members.some((member) => member.fn === index));
  if (cls === -1) {
    callFunction(m, functionValue(m, env, index), []);
    return;
  }
  const fact = file.functions[index];
  const home = { t: 'class', file, index: cls, env } as const;
  const self = injectedValue(m, home, '');
  if (fact !== undefined && !m.reached.has(fact))
    callFunction(m, functionValue(m, env, index, self, home), []);
}

/** The scope that a function closes over, made up where the function around it was never run. */
function closureOf(m: Machine, file: FileFacts, index: number): Env {
  const fact = file.functions[index];
  const known = fact && m.closures.get(fact);
  if (known !== undefined) return known;
  if (fact === undefined || fact.parent === -1) return enterModule(m, file);
  return newEnv(file, fact.parent, closureOf(m, file, fact.parent));
}
