import type { GateResult, Ran, Trial } from '../trial.ts';

const shown = 5;

/** The affected tests on the untouched copy. What fails here twice is not blamed on the fix. */
export async function baseline(trial: Trial): Promise<GateResult> {
  if (trial.present.length === 0) {
    trial.baseline = { failures: new Set(), passed: new Map() };
    return { status: 'skipped', evidence: 'No test of the project touches this code.' };
  }
  await trial.state('untouched');
  const first = await trial.run(trial.present);
  const failed = failuresOf(first);
  const count = `${first.tests.length} tests in ${trial.present.length} files`;
  if (failed.size === 0) {
    trial.baseline = { failures: failed, passed: passedByFile(first) };
    return { status: 'passed', evidence: `${count}, none of them fails before the fix.` };
  }
  const second = await trial.run(trial.present);
  const again = failuresOf(second);
  const failures = new Set([...failed, ...again]);
  const flaky = [...failures].filter((name) => !failed.has(name) || !again.has(name));
  const passed = passedByFile(first);
  for (const [file, n] of passedByFile(second)) passed.set(file, Math.min(n, passed.get(file) ?? 0));
  trial.baseline = { failures, passed };
  const evidence = `${count}. Before the fix ${failures.size} fail, which is not blamed on it: ${some([...failures])}.`;
  const unsteady = flaky.length === 0 ? '' : ` Only one time of two: ${some(flaky)}.`;
  if (!first.tests.some(({ state }) => state === 'passed')) {
    return {
      status: 'inconclusive',
      evidence: `${evidence} None passes, so they cannot say whether the fix breaks anything.`,
    };
  }
  return { status: 'passed', evidence: evidence + unsteady };
}

/** With the fix no affected test fails that did not before, and none is lost. */
export async function affectedTests(trial: Trial): Promise<GateResult> {
  const before = trial.baseline;
  if (before === null || trial.present.length === 0)
    return { status: 'skipped', evidence: 'No test of the project touches this code.' };
  const files = [...new Set([...trial.present, trial.fix.proof.test.file])];
  await trial.state('fixed');
  const first = await trial.run(files);
  const worse = worsened(before, first);
  const count = `${first.tests.length} tests in ${files.length} files`;
  if (worse.size === 0) {
    const old = before.failures.size === 0 ? '' : ` beyond the ${before.failures.size} that did before`;
    return { status: 'passed', evidence: `${count}, none fails with the fix${old}.` };
  }
  const second = worsened(before, await trial.run(files));
  const twice = [...worse].filter((name) => second.has(name));
  // A test that fails now and then may have passed the one time it was run before the fix.
  const unsteady = new Set<string>();
  if (twice.length > 0) {
    await trial.state('untouched');
    for (let i = 0; i < 2; i++) {
      for (const name of failuresOf(await trial.run(trial.present))) unsteady.add(name);
    }
  }
  const blamed = twice.filter((name) => !unsteady.has(name));
  if (blamed.length > 0)
    return { status: 'failed', evidence: `${count}; ${blamed.length} worse with the fix: ${some(blamed)}.` };
  const flaky = `${some([...worse])} failed, but not every time or without the fix too`;
  return { status: 'passed', evidence: `${count}; ${flaky}: not blamed on the fix.` };
}

/** Names of failed tests and of files that could not be loaded. */
function failuresOf(run: Ran): Set<string> {
  return new Set([
    ...run.tests.filter(({ state }) => state === 'failed').map(({ file, title }) => `${file} > ${title}`),
    ...run.brokenFiles.map(({ file }) => unloadable(file)),
  ]);
}

function passedByFile(run: Ran): Map<string, number> {
  const passed = new Map<string, number>();
  for (const { file, state } of run.tests) {
    passed.set(file, (passed.get(file) ?? 0) + (state === 'passed' ? 1 : 0));
  }
  return passed;
}

function worsened(before: NonNullable<Trial['baseline']>, run: Ran): Set<string> {
  const failures = failuresOf(run);
  const of = (file: string) => (name: string) => name.startsWith(`${file} `);
  const worse = new Set([...failures].filter((name) => !before.failures.has(name)));
  for (const { file } of run.tests) {
    // No test of a file that could not be loaded before can have become worse.
    if (before.failures.has(unloadable(file)))
      for (const name of [...worse].filter(of(file))) worse.delete(name);
  }
  const after = passedByFile(run);
  for (const [file, n] of before.passed) {
    const left = after.get(file) ?? 0;
    // Titles may change from run to run; their number does not.
    if (left < n && ![...failures].some(of(file)))
      worse.add(`${file}: ${n} passed before, ${left} with the fix`);
  }
  return worse;
}

const unloadable = (file: string): string => `${file} (cannot be loaded)`;

function some(names: readonly string[]): string {
  const more = names.length - shown;
  return names.slice(0, shown).join('; ') + (more > 0 ? `; and ${more} more` : '');
}
