import assert from 'node:assert/strict';
import { indexOf, routesOf } from '../workspace.ts';

describe('express: routers across files', () => {
  it('joins prefixes over several levels, one handler per mount', async () => {
    assert.deepEqual(
      await routesOf({
        'src/app.ts': `import express from 'express';
import { api } from './api/index.js';
export const app = express();
app.use('/api', api);
app.use('/internal/', api);
const admin = express();
admin.get('/stats', function stats() {});
app.use('/admin', admin);`,
        'src/api/index.ts': `import { Router } from 'express';
import users from './users.js';
export const api = Router();
api.use('/users', users).use('/teams/:teamId/users', users);`,
        'src/api/users.ts': `import express from 'express';
const router = express.Router({ mergeParams: true });
router.get('/', async function list(req, res) {});
router.get('//:id/', async function show(req, res) {});
export default router;`,
      }),
      [
        'GET /admin/stats -> src/app.ts#stats',
        'GET /api/teams/:teamId/users -> src/api/users.ts#list',
        'GET /api/teams/:teamId/users/:id -> src/api/users.ts#show',
        'GET /api/users -> src/api/users.ts#list',
        'GET /api/users/:id -> src/api/users.ts#show',
        'GET /internal/teams/:teamId/users -> src/api/users.ts#list',
        'GET /internal/teams/:teamId/users/:id -> src/api/users.ts#show',
        'GET /internal/users -> src/api/users.ts#list',
        'GET /internal/users/:id -> src/api/users.ts#show',
      ],
    );
  });

  it('follows CommonJS in its usual shapes', async () => {
    assert.deepEqual(
      await routesOf({
        'server.js': `const app = require('express')();
require('./routes')(app);
app.use('/shop', require('./shop'), require('./late').router);
const { mount } = require('./late');
mount(app, '/late');
app.listen(3000, () => {});`,
        'routes/index.js': `const ctl = require('../controllers/user');
module.exports = (app) => { app.get('/users', ctl.list); app.route('/users/:id').get(ctl.show).delete(ctl.remove); };`,
        'controllers/user.js': `const wrap = require('../wrap');
exports.list = async (req, res) => {};
exports.show = wrap(async (req, res) => {});
function remove(req, res) {}
module.exports.remove = remove;`,
        'wrap.js': `module.exports = (fn) => (req, res, next) => Promise.resolve(fn(req, res, next)).catch(next);`,
        'shop.js': `const { Router } = require('express');
const router = (module.exports = Router());
router.get('/cart', handlers.cart);
const handlers = { cart(req, res) {} };`,
        'late.js': `const express = require('express');
exports.router = express.Router();
exports.router.get('/late', (req, res) => {});
exports.mount = function (application, base) { application.get(base + '/direct', (req, res) => {}); };`,
      }),
      [
        'DELETE /users/:id -> controllers/user.js#remove',
        'GET /late/direct -> late.js#<anonymous>',
        'GET /shop/cart -> shop.js#handlers.cart',
        'GET /shop/late -> late.js#<anonymous>',
        'GET /users -> controllers/user.js#list',
        'GET /users/:id -> controllers/user.js#show',
      ],
    );
  });

  it('follows factories, registering functions and parameters that only have a type', async () => {
    assert.deepEqual(
      await routesOf({
        'src/main.ts': `import express, { type Express } from 'express';
import createUserRouter from './users';
import { registerRoutes } from './register';
async function bootstrap() {
  const app: Express = express();
  const deps = { base: '/v1', auth: (req, res, next) => next() };
  app.use(\`\${deps.base}/users\`, createUserRouter({ service: new Service(), ...deps }));
  registerRoutes(app, deps);
  app.listen(1);
}
bootstrap().catch(console.error);`,
        'src/users.ts': `import { Router } from 'express';
export default function createUserRouter({ auth, service }) {
  const r = Router();
  const list = async (req, res) => res.json(await service.list());
  r.get('/', auth, list);
  return r;
}`,
        'src/register.ts': `export const registerRoutes = (app, { base }) => { const path = base; app.post(path + '/things', (req, res) => {}); };`,
        'src/plugin.ts': `import type { Application, Router as R } from 'express';
export default (target: Application) => { target.get('/plugin', (req, res) => {}); };
export class Extra { constructor(private readonly routes: R) { routes.get('/extra', this.go); } go = () => {}; }`,
        'src/legacy.js': `module.exports = function (app) { app.get('/legacy', function old(req, res) {}); };`,
      }),
      [
        'GET /extra -> src/plugin.ts#Extra.go',
        'GET /legacy -> src/legacy.js#old',
        'GET /plugin -> src/plugin.ts#<anonymous>',
        'GET /v1/users -> src/users.ts#createUserRouter.list',
        'POST /v1/things -> src/register.ts#<anonymous>',
      ],
    );
  });

  it('follows tables of routes', async () => {
    assert.deepEqual(
      await routesOf({
        'src/routes/index.ts': `import express from 'express';
import userRoute from './user.route';
import * as all from './named';
const router = express.Router();
const defaultRoutes = [{ path: '/users', route: userRoute }];
const devRoutes: { path: string; route: express.Router }[] = [];
devRoutes.push({ path: '/dev', route: userRoute });
defaultRoutes.forEach((r) => { router.use(r.path, r.route); });
if (config.env === 'development') for (const { path, route } of devRoutes) router.use(path, route);
Object.entries(all).forEach(([name, value]) => router.use('/' + name, value));
for (const verb of ['get', 'post'] as const) router[verb]('/echo', (req, res) => {});
[...new Set([])].map(String);
export default router;`,
        'src/routes/user.route.ts': `import { Router } from 'express'; const r = Router(); r.get('/me', me); function me() {} export default r;`,
        'src/routes/named.ts': `import { Router } from 'express'; export const cats = Router(); cats.get('/', function meow() {});`,
        'src/app.ts': `import express from 'express'; import routes from './routes'; const app = express(); app.use('/v1', routes);`,
      }),
      [
        'GET /v1/cats -> src/routes/named.ts#meow',
        'GET /v1/dev/me -> src/routes/user.route.ts#me',
        'GET /v1/echo -> src/routes/index.ts#<anonymous>',
        'GET /v1/users/me -> src/routes/user.route.ts#me',
        'POST /v1/echo -> src/routes/index.ts#<anonymous>',
      ],
    );
  });

  it('keeps handlers of a router whose prefix is computed, and says so', async () => {
    const { lines, index } = await indexOf({
      'a.ts': `import express, { Router } from 'express';
const r = Router(); r.get('/x', function x() {});
const app = express(); app.use(process.env.API_PREFIX, r);`,
    });
    assert.deepEqual(lines, ['route GET /x -> a.ts#x']);
    assert.deepEqual(
      index.unresolved.map((u) => u.code),
      ['computed-route'],
    );
  });

  it('survives circular imports, circular re-exports and routers that mount each other', async () => {
    const routes = await routesOf({
      'a.ts': `import { Router } from 'express'; import { b } from './b'; export * from './b'; export const a = Router(); a.use('/b', b); a.get('/a', function inA() {});`,
      'b.ts': `import { Router } from 'express'; import { a } from './a'; export * from './a'; export const b = Router(); b.use('/a', a); b.get('/b', function inB() {}); export { nothing } from './b';`,
    });
    assert.ok(routes.some((r) => r.endsWith('#inA')) && routes.some((r) => r.endsWith('#inB')));
  });
});

describe('express: what is evaluated more than once', () => {
  it('keeps the mounted routes of a class that also makes apps of its own nobody mounts', async () => {
    assert.deepEqual(
      await routesOf({
        'server.js': `const express = require('express'); const Api = require('./api');
class Server { constructor() { this.api = new Api(this); } start() { const app = express(); app.use('/api', this.api.router); app.get('/up', (req, res) => {}); } }
module.exports = Server;`,
        'api.js': `const express = require('express'); const sub = require('./sub');
class Api { constructor(server) { this.router = express(); this.init(); } init() { this.router.get('/x', this.x.bind(this)); this.router.use('/sub', sub()); } x(req, res) {} }
module.exports = Api;`,
        'sub.js': `const { Router } = require('express'); module.exports = () => { const r = Router(); r.get('/y', function y() {}); return r; };`,
      }),
      ['GET /api/sub/y -> sub.js#y', 'GET /api/x -> api.js#Api.x', 'GET /up -> server.js#<anonymous>'],
    );
  });
});
