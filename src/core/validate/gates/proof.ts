import { CouldNotRun, type GateResult, type Ran, type Trial } from '../trial.ts';

const times = 3;

type Spoken =
  | { readonly k: 'passed' }
  | { readonly k: 'failed'; readonly message: string }
  /** The file cannot be loaded, or the test is not in it, or is skipped. */
  | { readonly k: 'silent'; readonly why: string };

/** On the old code the new test fails, by itself; or passes, where it pins down what is there. */
export async function failsBefore(trial: Trial): Promise<GateResult> {
  const { proof } = trial.fix;
  await trial.state('only-tests');
  const spoken = speak(trial, await trial.run([proof.test.file]));
  const name = `"${proof.test.title}"`;
  if (spoken.k === 'silent')
    return {
      status: 'failed',
      evidence: `${name} says nothing about the code without the fix: ${spoken.why}.`,
    };
  if (!proof.failsBefore) {
    return spoken.k === 'passed'
      ? { status: 'passed', evidence: `${name} passes on the code as it is, which it pins down.` }
      : { status: 'failed', evidence: `${name} fails on the code that it pins down: ${spoken.message}` };
  }
  return spoken.k === 'failed'
    ? { status: 'passed', evidence: `${name} fails without the fix: ${spoken.message}` }
    : { status: 'failed', evidence: `${name} passes without the fix too, so it does not show the fault.` };
}

/** With the fix the new test passes, three times in a row. */
export async function passesAfter(trial: Trial): Promise<GateResult> {
  const { test } = trial.fix.proof;
  await trial.state('fixed');
  for (let time = 1; time <= times; time++) {
    const run = await trial.run([test.file]);
    const spoken = speak(trial, run);
    const failed = (why: string): GateResult => ({
      status: 'failed',
      evidence: `"${test.title}" with the fix, run ${time} of ${times}: ${why}`,
    });
    if (spoken.k !== 'passed') return failed(spoken.k === 'failed' ? spoken.message : spoken.why);
    const other = run.tests.find(({ state }) => state === 'failed');
    if (other !== undefined && !trial.present.includes(test.file))
      return failed(`another test of the new file fails, "${other.title}": ${firstLine(other.message)}`);
  }
  return { status: 'passed', evidence: `"${test.title}" passes with the fix, ${times} times of ${times}.` };
}

/** The new test notices at least one of the mutants, so it looks at what was changed. */
export async function killsMutant(trial: Trial): Promise<GateResult> {
  const { proof } = trial.fix;
  const { mutants, test } = proof;
  if (mutants.length === 0) {
    const shownOtherwise = proof.failsBefore || proof.replay !== undefined;
    if (shownOtherwise) return { status: 'skipped', evidence: 'The fix brings no mutants.' };
    const evidence = 'No mutant of the code could be made, so nothing shows that the test can fail.';
    return { status: 'inconclusive', evidence };
  }
  const killed: string[] = [];
  const alive: string[] = [];
  const unclear: string[] = [];
  for (const { file, newText, what } of mutants) {
    await trial.state('fixed', [{ file, newText }]);
    const spoken = await trial.run([test.file]).then((run) => speakOfFile(trial, run), unable);
    if (spoken.k === 'silent') unclear.push(`${what} (${spoken.why})`);
    else (spoken.k === 'failed' ? killed : alive).push(what);
  }
  const figures = `${test.file} notices ${killed.length} of ${mutants.length} mutants`;
  const list = [
    killed.length === 0 ? '' : `: ${killed.join('; ')}`,
    alive.length === 0 ? '' : `. Not noticed: ${alive.join('; ')}`,
    unclear.length === 0 ? '' : `. Could not be run: ${unclear.join('; ')}`,
  ].join('');
  const none = unclear.length === mutants.length ? 'inconclusive' : 'failed';
  return { status: killed.length > 0 ? 'passed' : none, evidence: `${figures}${list}.` };
}

/** A mutant may end the run itself; it is then not counted as noticed. */
function unable(error: unknown): Spoken {
  if (!(error instanceof CouldNotRun)) throw error;
  return { k: 'silent', why: firstLine(error.message) };
}

function speak({ fix }: Trial, run: Ran): Spoken {
  const { file, title } = fix.proof.test;
  const broken = run.brokenFiles.find((entry) => entry.file === file);
  if (broken !== undefined)
    return { k: 'silent', why: `its file cannot be loaded (${firstLine(broken.message)})` };
  const tests = run.tests.filter((test) => test.file === file && test.title === title);
  const failed = tests.find(({ state }) => state === 'failed');
  if (failed !== undefined) return { k: 'failed', message: firstLine(failed.message) };
  if (tests.length === 0) return { k: 'silent', why: 'the runner does not report it' };
  if (tests.some(({ state }) => state === 'skipped')) return { k: 'silent', why: 'it is skipped' };
  return { k: 'passed' };
}

/** Whichever test of the fix's file fails has noticed the mutant. */
function speakOfFile(trial: Trial, run: Ran): Spoken {
  const spoken = speak(trial, run);
  const { file } = trial.fix.proof.test;
  const failed = run.tests.find((test) => test.file === file && test.state === 'failed');
  return spoken.k === 'passed' && failed !== undefined
    ? { k: 'failed', message: firstLine(failed.message) }
    : spoken;
}

function firstLine(message: string | undefined): string {
  const line = message?.split('\n', 1)[0]?.trim() ?? '';
  return line === '' ? 'no message' : line.slice(0, 300);
}
