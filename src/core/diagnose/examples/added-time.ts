import type { OperationSample } from '../../model/comparison.ts';
import type { CauseFinder } from '../cause-finder.ts';

const operation = { id: 'lamp', service: 'lamps', environment: '', kind: 'http', name: 'GET /lamp' } as const;

function sample(release: string, ms: number): OperationSample {
  const shape = { operationId: 'lamp', release, startMs: 0, calls: 100, children: [], droppedChildren: 0 };
  return {
    release,
    calls: 100,
    errors: 0,
    clientErrors: 0,
    fromMs: 0,
    toMs: 1,
    latency: [[ms, 100]],
    errorGroups: [],
    shape: { ...shape, follows: [], attributes: [], samples: [] },
  };
}

export const addedTimeExample: CauseFinder['example'] = {
  files: {
    'src/lamp.ts':
      'export function showLamp(request, response) {\n  warmUp();\n  response.json({ lit: true });\n}\n',
  },
  input: {
    finding: {
      fingerprint: '00000000000000c4',
      kind: 'performance',
      detector: 'latency-regression',
      operation,
      handlerId: 'src/lamp.ts#showLamp@GET /lamp',
      severity: 'medium',
      confidence: 0.9,
      message: 'GET /lamp takes 4 times as long',
      release: '1.1.0',
      baselineRelease: '1.0.0',
      effect: {
        measure: 'p50 latency', unit: 'ms', before: 10, after: 40, ratio: 4, low: 3, high: 5, n: 100, nBefore: 100,
      }, // prettier-ignore
      evidence: [],
      subject: { k: 'latency' },
    },
    handler: {
      id: 'src/lamp.ts#showLamp@GET /lamp',
      function: 'src/lamp.ts#showLamp',
      kind: 'route',
      framework: 'express',
      method: 'GET',
      route: '/lamp',
      file: 'src/lamp.ts',
      symbol: 'showLamp',
      start: { line: 1, column: 17 },
      end: { line: 4, column: 2 },
      registration: { file: 'src/app.ts', start: { line: 4, column: 1 } },
      resolved: true,
      plugin: 'src',
      package: 'lamps',
      syntaxHash: '',
    },
    comparison: {
      operation,
      handlerId: 'src/lamp.ts#showLamp@GET /lamp',
      now: sample('1.1.0', 40),
      before: sample('1.0.0', 10),
    },
  },
  at: 'src/lamp.ts:1',
};
