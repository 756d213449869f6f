import { compareRuns } from '../ratio.ts';
import { CouldNotRun, type CodeState, type GateResult, type Trial } from '../trial.ts';

const LINE = /^\s*suture-replay (\d+(?:\.\d+)?)\s*$/;
const rounds = 3;

/** Recorded calls, replayed in turns without and with the fix: the median is lower, with the whole of its interval. */
export async function replay(trial: Trial): Promise<GateResult> {
  const { replay: given } = trial.fix.proof;
  if (given === undefined) return { status: 'skipped', evidence: 'Not a fix for speed.' };
  const { file, text: newText } = given;
  const measure = async (state: CodeState): Promise<readonly number[]> => {
    await trial.state(state, [{ file, newText }]);
    const run = await trial.run([file]);
    const [broken] = run.brokenFiles;
    if (broken !== undefined) throw new CouldNotRun(`The replay cannot be loaded: ${broken.message}`);
    const values = run.lines.flatMap((line) => {
      const ms = LINE.exec(line)?.[1];
      return ms === undefined ? [] : [Number(ms)];
    });
    if (values.length === 0) throw new CouldNotRun('The replay measured no request.');
    return values;
  };
  const before: (readonly number[])[] = [];
  const after: (readonly number[])[] = [];
  for (let round = 0; round < rounds; round++) {
    before.push(await measure('untouched'));
    after.push(await measure('fixed'));
  }
  const found = compareRuns(before, after, seedOf(trial.fix.id));
  const evidence =
    `Median ${found.before.toFixed(1)} ms without and ${found.after.toFixed(1)} ms with the fix: ` +
    `${found.ratio.toFixed(2)} times, 95 % interval ${found.low.toFixed(2)} to ${found.high.toFixed(2)} ` +
    `(${before.flat().length} and ${after.flat().length} requests in ${rounds} runs each, in turns).`;
  return { status: found.high < 1 ? 'passed' : 'failed', evidence };
}

/** FNV-1a: the same fix gets the same interval from the same figures. */
function seedOf(id: string): number {
  let hash = 0x811c9dc5;
  for (const char of id) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return hash;
}
