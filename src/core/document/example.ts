import type { Handler } from '../model/handler.ts';
import type { HandlerTests, TestCase } from '../model/test.ts';
import type { DocumentInput } from './page.ts';

function handler(file: string, symbol: string, more: Partial<Handler> = {}): Handler {
  const place = { line: 1, column: 1 };
  const { method = 'GET', route = '/' } = more;
  return {
    id: `${file}#${symbol}@${method} ${route}`,
    function: `${file}#${symbol}`,
    kind: 'route',
    framework: 'express',
    method,
    route,
    file,
    symbol,
    start: place,
    end: place,
    registration: { file: 'src/app.ts', start: place },
    resolved: true,
    plugin: 'orders',
    package: 'shop',
    syntaxHash: '0',
    ...more,
  };
}

const orders = { method: 'POST', route: '/orders' };
const at = (line: number) => ({ file: 'src/app.ts', start: { line, column: 1 } });
const auth = handler('src/auth.ts', 'requireUser', { ...orders, kind: 'middleware', registration: at(4) });
const create = handler('src/orders/create.ts', 'OrderController.create', { ...orders, registration: at(5) });
const list = handler('src/orders/list.ts', '<anonymous>', { route: '/orders', plugin: 'orders' });
const health = handler('src/health.ts', 'health', { route: '/health', plugin: 'src' });

const test: TestCase = {
  id: 'test/orders.test.ts#orders > creates one',
  file: 'test/orders.test.ts',
  suite: ['orders'],
  title: 'creates one',
  start: { line: 3, column: 1 },
  runner: 'vitest',
  placeholder: false,
};

const called: HandlerTests = {
  level: 'called',
  passed: 0,
  failed: 0,
  notRun: 1,
  tests: [{ test, level: 'called' }],
};

/** A small shop that shows every part of a page once: the example of all pages, their golden and their preview. */
export const exampleInput: DocumentInput = {
  workspaceName: 'shop',
  handlers: [health, list, create, auth],
  unresolved: [
    {
      file: 'src/admin.ts',
      start: { line: 9, column: 3 },
      framework: 'express',
      code: 'computed-route',
      reason: 'The route is computed when the program runs.',
    },
  ],
  evidence: {
    handlers: new Map([
      [
        create.id,
        {
          rung: 2,
          measured: [
            {
              environment: 'production',
              errorClasses: [
                { message: 'Cannot read properties of undefined (reading "<*>")', type: 'TypeError' },
              ],
              errorRate: '2-5 %',
              from: '2026-03-01',
              n: 1200,
              operation: 'POST /orders',
              p50: '50-100 ms',
              p95: '500-1000 ms',
              release: '1.0.0',
              service: 'shop',
              to: '2026-03-02',
            },
          ],
        },
      ],
      [health.id, { measured: [], lastSeen: '2026-02-11' }],
    ]),
  },
  tests: new Map([
    [create.id, called],
    [auth.id, { level: 'imported', passed: 0, failed: 0, notRun: 0, tests: [] }],
  ]),
  docs: new Map([
    [
      create.id,
      {
        signature: 'async create(req: Request, res: Response): Promise<void>',
        comment: 'Takes an order and reserves its items.\n\n@throws OutOfStock when one of them is gone',
        throws: ['OutOfStock'],
        callsOut: ['fetch'],
      },
    ],
  ]),
};
