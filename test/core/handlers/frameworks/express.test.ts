import assert from 'node:assert/strict';
import { indexOf, routesOf } from '../workspace.ts';

describe('express: registrations in one file', () => {
  it('knows verbs, all, and the app however it was imported', async () => {
    for (const head of [
      `import express from 'express';\nconst app = express();`,
      `import * as express from 'express';\nconst app = express();`,
      `import express = require('express');\nconst app = express();`,
      `const express = require('express');\nconst app = express();`,
      `const makeApp = require('express');\nconst server = makeApp();\nconst app = server;`,
      `import { default as web } from 'express';\nconst app = web();`,
      `let app; const express = require('express'); app = express();`,
    ]) {
      assert.deepEqual(
        await routesOf({
          'app.ts': `${head}\nfunction list() {}\napp.get('/items', list);\napp.delete('/items/:id', list).all('/any', list);\napp['patch']('/p', list);`,
        }),
        [
          'ALL /any -> app.ts#list',
          'DELETE /items/:id -> app.ts#list',
          'GET /items -> app.ts#list',
          'PATCH /p -> app.ts#list',
        ],
        head,
      );
    }
  });

  it('tells routes from settings and from clients', async () => {
    const { index } = await indexOf({
      'app.ts': `import express from 'express'; import axios from 'axios';
const app = express();
app.set('port', 1); app.get('port'); app.disable('etag');
axios.get('/remote', { timeout: 1 }); cache.get('/key', (value) => value); new Map().get('/x', () => {});`,
    });
    assert.deepEqual(index, { handlers: [], unresolved: [] });
  });

  it('gives the chain before the last handler as middleware and four parameters as error middleware', async () => {
    const { lines } = await indexOf({
      'app.js': `const express = require('express');
const app = express();
const auth = (req, res, next) => next();
const checks = [function validate(req, res, next) {}, [auth]];
app.use(auth);
app.use('/static', function files(req, res, next) {});
app.post('/orders', checks, [...checks], async function create(req, res) {}, function explain(err, req, res, next) {});
app.use(function failed(err, req, res, next) {});
app.use(express.json(), require('cors')());`,
    });
    assert.deepEqual(lines, [
      'middleware POST /orders -> app.js#auth',
      'middleware -> app.js#auth',
      'middleware POST /orders -> app.js#validate',
      'middleware /static -> app.js#files',
      'route POST /orders -> app.js#create',
      'error-middleware POST /orders -> app.js#explain',
      'error-middleware -> app.js#failed',
    ]);
  });

  it('follows route() chains with the place of each registration', async () => {
    const { index } = await indexOf({
      'app.ts': `import { Router } from 'express';
const router = Router({ mergeParams: true });
const list = async () => {};
router.route('/books/:id')
  .all((req, res, next) => next())
  .get(list)
  .post([list], list);`,
    });
    assert.deepEqual(
      index.handlers.map((h) => `${h.id} ${h.registration.start.line}:${h.registration.start.column}`),
      [
        'app.ts#list@GET /books/:id 6:4',
        'app.ts#list@POST /books/:id 7:4',
        'app.ts#<anonymous>@ALL /books/:id 5:4',
      ].sort((a, b) => (a.includes('list') && !b.includes('list') ? -1 : 1)),
    );
  });

  it('resolves paths from constants, templates, enums and imported objects, and says what it cannot resolve', async () => {
    const { lines, index } = await indexOf({
      'paths.ts': `export const BASE = '/v2';
export const Paths = Object.freeze({ users: { list: \`\${BASE}/users\`, one: BASE + '/users/:id' } } as const);
export enum Route { Health = '/health' }
export default { prefix: process.env.PREFIX ?? '/api' };`,
      'app.ts': `import express from 'express';
import config, { Paths, Route as R } from './paths';
const app = express();
function h() {}
app.get(Paths.users.list, h);
app.get(Paths['users'].one, h);
app.get(R.Health, h);
app.get(config.prefix + '/cfg', h);
app.get(['/a', '/b'], h);
app.get(/^\\/re/, h);
app.get(\`/\${process.env.X}/y\`, h);
app[process.env.METHOD]('/m', h);`,
    });
    assert.deepEqual(lines, [
      'route GET /^\\/re/ -> app.ts#h',
      'route GET /a -> app.ts#h',
      'route GET /api/cfg -> app.ts#h',
      'route GET /b -> app.ts#h',
      'route GET /health -> app.ts#h',
      'route GET /v2/users -> app.ts#h',
      'route GET /v2/users/:id -> app.ts#h',
    ]);
    assert.deepEqual(
      index.unresolved.map((u) => [u.start.line, u.code]),
      [
        [11, 'computed-route'],
        [12, 'computed-route'],
      ],
    );
  });

  it('reports a route on something that it cannot follow', async () => {
    const { index } = await indexOf({
      'a.ts': `import type { Request } from 'express';
import { gateway } from './missing';
gateway.get('/x', (req: Request) => {});`,
    });
    assert.deepEqual(
      index.unresolved.map((u) => `${u.file}:${u.start.line} ${u.code}`),
      ['a.ts:3 unknown-router'],
    );
  });

  it('numbers equal registrations and keeps one of a factory that is called twice', async () => {
    const { index } = await indexOf({
      'app.ts': `import express from 'express';
function h() {}
export function createApp() { const app = express(); app.get('/x', h); app.get('/x', h); app.get('/x', (q, s) => {}); app.get('/x', (q, s) => {}); return app; }
createApp();`,
      'lambda.ts': `import { createApp } from './app'; export const handler = wrap(createApp());`,
    });
    assert.deepEqual(
      index.handlers.map((h) => h.id),
      ['app.ts#h@GET /x', 'app.ts#h@GET /x~2', 'app.ts#<anonymous>@GET /x', 'app.ts#<anonymous>@GET /x~2'],
    );
  });
});
