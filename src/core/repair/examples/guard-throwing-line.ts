import type { Recipe } from '../recipe.ts';

const routes = (guard: string): string => `import { Router } from 'express';
import { NotFoundError } from './errors.ts';
import { shelves } from './shelves.ts';

export const routes = Router();

routes.get('/shelves/:shelfId', showShelf);
routes.get('/shelves/:shelfId/books', listBooks);

export async function showShelf(request, response) {
  const shelf = await shelves.find(request.params.shelfId);
  if (shelf === undefined) throw new NotFoundError('shelf', request.params.shelfId);
  response.json(shelf);
}

export async function listBooks(request, response) {
  const shelf = await shelves.find(request.params.shelfId);
${guard}  // In the order of the shelf.
  response.json({ books: shelf.books.slice() });
}
`;

const common = {
  'package.json':
    '{ "name": "library", "type": "module", "dependencies": { "express": "*" }, "devDependencies": { "vitest": "*" } }\n',
  'src/app.ts': `import express from 'express';\nimport { routes } from './routes.ts';\n\nexport const app = express();\napp.use(routes);\n`,
  'src/errors.ts': `export class NotFoundError extends Error {\n  status = 404;\n  constructor(what, id) {\n    super(\`There is no \${what} \${id}\`);\n  }\n}\n`,
  'src/shelves.ts': `const known = new Map([['hall', { books: ['Emma'] }]]);\nexport const shelves = { find: async (id) => known.get(id) };\n`,
  'tests/show-shelf.test.ts': `import request from 'supertest';
import { expect, test } from 'vitest';
import { app } from '../src/app.ts';

test('a shelf is shown', async () => {
  const response = await request(app).get('/shelves/hall').expect(200);
  expect(response.body.books).toEqual(['Emma']);
});
`,
};

const test = `import request from 'supertest';
import { describe, test } from 'vitest';
import { app } from '../src/app.ts';

describe('GET /shelves/:shelfId/books', () => {
  test('answers 404 where there is no shelf', async () => {
    await request(app).get('/shelves/attic/books').expect(404);
  });

  test('answers as before where there is one', async () => {
    await request(app).get('/shelves/hall/books').expect(200);
  });
});
`;

const operation = {
  id: 'GET /shelves/:shelfId/books', service: 'library', environment: '', kind: 'http', method: 'GET',
  route: '/shelves/:shelfId/books', name: 'GET /shelves/:shelfId/books',
} as const; // prettier-ignore
const handlerId = 'src/routes.ts#listBooks@GET /shelves/:shelfId/books';
const call = { method: 'GET', query: '', durationMs: 3, startMs: 0 } as const;
const message = 'Cannot read properties of undefined (reading <text>)';

export const guardExample: Recipe['example'] = {
  before: { ...common, 'src/routes.ts': routes('') },
  after: {
    ...common,
    'src/routes.ts': routes(`  if (!shelf) throw new NotFoundError('shelf', request.params.shelfId);\n`),
    'tests/list-books.test.ts': test,
  },
  input: {
    finding: {
      fingerprint: '00000000000000e1', kind: 'errors', detector: 'error-burst', operation, handlerId, severity: 'high',
      confidence: 0.99, message: 'GET /shelves/:shelfId/books fails', release: '2.0.0', baselineRelease: '1.0.0',
      effect: { measure: 'error rate', unit: 'rate', before: 0, after: 0.1, ratio: 0.1, low: 0.07, high: 0.14, n: 300, nBefore: 300 },
      evidence: [],
      subject: { k: 'error-group', groupKey: `TypeError: ${message}`, type: 'TypeError', message },
    }, // prettier-ignore
    cause: {
      cause: 'throwing-line', message: 'At src/routes.ts:19 `shelf` is missing and used all the same.', score: 0.9,
      site: { file: 'src/routes.ts', start: { line: 19, column: 26 }, end: { line: 19, column: 37 }, symbol: 'listBooks' },
      evidence: [],
      detail: { k: 'throwing-line', type: 'TypeError', subject: 'shelf', input: { key: 'path.shelfId', values: ['attic'] } },
    }, // prettier-ignore
    handler: {
      id: handlerId, function: 'src/routes.ts#listBooks', kind: 'route', framework: 'express', method: 'GET',
      route: '/shelves/:shelfId/books', file: 'src/routes.ts', symbol: 'listBooks', start: { line: 16, column: 23 },
      end: { line: 20, column: 2 }, registration: { file: 'src/routes.ts', start: { line: 8, column: 1 } }, resolved: true,
      plugin: 'src', package: 'library', syntaxHash: '',
    }, // prettier-ignore
    comparison: {
      operation, handlerId, before: null,
      now: {
        release: '2.0.0', calls: 300, errors: 30, clientErrors: 0, fromMs: 0, toMs: 1, latency: [], errorGroups: [],
        shape: {
          operationId: operation.id, release: '2.0.0', startMs: 0, calls: 300, children: [], droppedChildren: 0, follows: [],
          attributes: [],
          samples: [
            { ...call, path: '/shelves/hall/books', statusCode: 200, outcome: 'ok', traceId: 'a1'.repeat(16) },
            { ...call, path: '/shelves/attic/books', statusCode: 500, outcome: 'error', traceId: 'e1'.repeat(16) },
          ],
        },
      },
    }, // prettier-ignore
  },
};
