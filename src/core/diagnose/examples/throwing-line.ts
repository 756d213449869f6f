import type { CauseFinder } from '../cause-finder.ts';

const shelves = `import { Router } from 'express';
import { NotFoundError } from './errors.ts';
import { shelves } from './shelves.ts';

export const routes = Router();

routes.get('/shelves/:shelfId', showShelf);
routes.get('/shelves/:shelfId/books', listBooks);

export async function showShelf(request, response) {
  const shelf = await shelves.find(request.params.shelfId);
  if (!shelf) throw new NotFoundError('shelf', request.params.shelfId);
  response.json(shelf);
}

export async function listBooks(request, response) {
  const shelf = await shelves.find(request.params.shelfId);
  // In the order of the shelf.
  response.json({ books: shelf.books.slice() });
}
`;

const operation = {
  id: 'library production http GET /shelves/:shelfId/books',
  service: 'library',
  environment: 'production',
  kind: 'http',
  method: 'GET',
  route: '/shelves/:shelfId/books',
  name: 'GET /shelves/:shelfId/books',
} as const;

const group = {
  key: 'TypeError: Cannot read properties of undefined (reading <text>)',
  type: 'TypeError',
  message: 'Cannot read properties of undefined (reading <text>)',
  stack: `TypeError: Cannot read properties of undefined (reading 'books')
    at listBooks (file:///srv/library/src/routes.ts:19:33)
    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)`,
};

export const throwingLineExample: CauseFinder['example'] = {
  files: {
    'src/routes.ts': shelves,
    'src/errors.ts':
      'export class NotFoundError extends Error {\n  status = 404;\n  constructor(what, id) {\n    super(`There is no ${what} ${id}`);\n  }\n}\n',
    'src/shelves.ts': 'const known = new Map();\nexport const shelves = { find: async (id) => known.get(id) };\n',
  },
  input: {
    finding: {
      fingerprint: '00000000000000e1',
      kind: 'errors',
      detector: 'error-burst',
      operation,
      severity: 'high',
      confidence: 0.99,
      message: 'GET /shelves/:shelfId/books fails with TypeError',
      release: '2.0.0',
      baselineRelease: '1.0.0',
      effect: {
        measure: 'error rate', unit: 'rate', before: 0, after: 0.1, ratio: 0.1, low: 0.07, high: 0.14, n: 300, nBefore: 300,
      }, // prettier-ignore
      evidence: [],
      subject: { k: 'error-group', groupKey: group.key, type: group.type, message: group.message, stack: group.stack },
    },
    comparison: {
      operation,
      handlerId: null,
      before: null,
      now: {
        release: '2.0.0', calls: 300, errors: 30, clientErrors: 0, fromMs: 0, toMs: 60_000, latency: [],
        errorGroups: [
          { ...group, count: 30, exemplar: { traceId: 'e1'.repeat(16), spanId: 'e1'.repeat(8), startMs: 0, durationMs: 3 } },
        ],
        shape: {
          operationId: operation.id, release: '2.0.0', startMs: 0, calls: 300, children: [], droppedChildren: 0, follows: [],
          attributes: [
            { key: 'query.page', values: [{ value: '(absent)', good: 250, failed: 27 }, { value: '2', good: 20, failed: 3 }] },
            {
              key: 'path.shelfId',
              values: [{ value: 'attic', good: 0, failed: 30 }, { value: 'hall', good: 200, failed: 0 }, { value: 'den', good: 70, failed: 0 }],
            },
          ],
          samples: [
            {
              method: 'GET', path: '/shelves/attic/books', query: '', statusCode: 500, outcome: 'error', durationMs: 3, startMs: 0,
              traceId: 'e1'.repeat(16),
              exception: { type: 'TypeError', message: "Cannot read properties of undefined (reading 'books')" },
            },
            { method: 'GET', path: '/shelves/hall/books', query: '', statusCode: 200, outcome: 'ok', durationMs: 4, startMs: 9, traceId: 'a1'.repeat(16) },
          ],
        },
      },
    },
  },
  at: 'src/routes.ts:19',
}; // prettier-ignore
