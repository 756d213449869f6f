import type { Recipe } from '../recipe.ts';

const files = {
  'src/lamp.ts': 'export function showLamp(request, response) {\n  response.json({ lit: true });\n}\n',
};

/** Nothing changes: where nothing may be run, as here, there is no test and a reason. */
export const generateTestExample: Recipe['example'] = {
  before: files,
  after: files,
  input: {
    finding: {
      fingerprint: '00000000000000c1', kind: 'coverage', detector: 'untested-handler', severity: 'medium', confidence: 0.9,
      message: 'GET /lamp has 900 calls and no test', release: '1.0.0', baselineRelease: null,
      effect: { measure: 'calls without a test', unit: 'count', before: null, after: 900, ratio: 900, low: 900, high: 900, n: 900, nBefore: 0 },
      evidence: [],
      subject: { k: 'no-test', level: 'none' },
    }, // prettier-ignore
    cause: { cause: 'no-test-calls-it', message: 'showLamp has no test.', score: 0.95, evidence: [], detail: { k: 'no-test-calls-it' } },
    handler: {
      id: 'src/lamp.ts#showLamp@GET /lamp', function: 'src/lamp.ts#showLamp', kind: 'route', framework: 'express', method: 'GET',
      route: '/lamp', file: 'src/lamp.ts', symbol: 'showLamp', start: { line: 1, column: 17 }, end: { line: 3, column: 2 },
      registration: { file: 'src/app.ts', start: { line: 4, column: 1 } }, resolved: true, plugin: 'src', package: 'lamps', syntaxHash: '',
    }, // prettier-ignore
  }, // prettier-ignore
};
