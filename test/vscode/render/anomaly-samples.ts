import type { Anomaly } from '../../../src/core/model/anomaly.ts';
import type { Cause } from '../../../src/core/model/diagnosis.ts';
import type { Offer } from '../../../src/core/model/healing.ts';
import type { Verdict } from '../../../src/core/model/fix.ts';

export function sampleAnomaly(over: Partial<Anomaly> = {}): Anomaly {
  return {
    fingerprint: 'e8e8f45773fc7277',
    kind: 'performance',
    detector: 'n-plus-one-call',
    operation: { id: 'op', service: 'shop', environment: '', kind: 'http', name: 'GET /products' },
    handlerId: 'src/users.ts#getUser@GET /users/:id',
    severity: 'high',
    confidence: 0.99,
    message: 'GET /products calls GET inventory 12 times in a row.',
    release: '1.1.0',
    baselineRelease: '1.0.0',
    effect: { measure: 'calls per call', unit: 'count', before: 0, after: 11.06, ratio: 11.06, low: 10.6, high: 11.6, n: 77, nBefore: 320 },
    evidence: [{ label: '12 times per call in 77 of 77 calls', detail: '5.8 ms each' }],
    subject: { k: 'repeated-call', childKey: 'k', childName: 'GET inventory', perCall: 12, childP50Ms: 5.8 },
    state: 'new',
    seenIn: ['1.1.0'],
    ...over,
  }; // prettier-ignore
}

export function sampleCause(over: Partial<Cause> = {}): Cause {
  const at = { line: 25, column: 3 };
  return {
    cause: 'awaited-call-in-loop',
    message: 'listProducts awaits in every round of a loop.',
    score: 0.95,
    site: { file: 'src/products.ts', start: at, end: { line: 28, column: 4 }, symbol: 'listProducts' },
    evidence: [{ label: 'Loop in listProducts', file: 'src/products.ts', line: 25 }],
    detail: { k: 'none' },
    ...over,
  };
}

export function sampleOffer(over: Partial<Offer['fix']> = {}): Offer {
  const anomaly = sampleAnomaly();
  return {
    k: 'offer',
    anomaly,
    diagnosis: { fingerprint: anomaly.fingerprint, causes: [sampleCause()] },
    fix: {
      id: 'f',
      fingerprint: anomaly.fingerprint,
      recipe: 'bound-concurrency',
      tier: 'safe',
      title: 'Wait for up to 6 calls at once',
      summary: 'Results keep their order.',
      edits: [{ file: 'src/products.ts', sha256Before: 'aa', newText: '', part: 'code' }],
      proof: { test: { file: 't.test.ts', title: 't' }, failsBefore: true, mutants: [] },
      notes: ['6 calls at a time.'],
      ...over,
    },
    trust: null,
  };
}

export const sampleVerdict: Verdict = {
  fixId: 'f',
  fingerprint: 'e8e8f45773fc7277',
  status: 'passed',
  gates: [
    { id: 'applies', status: 'passed', evidence: '1 file is as it was.' },
    { id: 'replay', status: 'skipped', evidence: 'Not a fix for speed.' },
  ],
  isolation: 'no network but loopback',
  seconds: 42.61,
};
