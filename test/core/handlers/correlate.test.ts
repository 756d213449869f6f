import assert from 'node:assert/strict';
import { createCorrelator, type CorrelationConfig } from '../../../src/core/handlers/correlate.ts';
import type { CodeHint, Operation } from '../../../src/core/model/operation.ts';
import { indexOf, type Workspace } from './workspace.ts';

const NO_CONFIG: CorrelationConfig = { services: {}, pathMappings: [] };

const shop = {
  'package.json': '{"name":"shop"}',
  'src/app.ts': `import express from 'express';
import { users } from './users/routes';
import { requestId } from './users/handlers';
const app = express();
app.use(requestId);
app.use('/users', users);
app.get('/health', (req, res) => {
  res.send('ok');
});
app.all('/any', function any() {});
app.get('/dup/:id', function one() {});
app.get('/dup/:name', function two() {});`,
  'src/users/routes.ts': `import { Router } from 'express';
import { list, show, auth } from './handlers';
export const users = Router();
users.get('/', auth, list);
users.get('/:id', auth, show);`,
  'src/users/handlers.ts': `export function list(req, res) {}
export const show = async (req, res) => {
  res.json(1);
};
export function auth(req, res, next) {}
export function requestId(req, res, next) {}`,
};

const answer = (
  workspace: Workspace,
  operation: Partial<Operation>,
  hints: readonly CodeHint[] = [],
  config = NO_CONFIG,
) => {
  const full: Operation = { id: 'x', service: 'shop', environment: '', kind: 'http', name: '', ...operation };
  return createCorrelator(
    workspace.index,
    workspace.project,
    config,
  )({ operation: full, hints, releases: [] });
};

/** `rung id`, or the reason. */
const short = (...args: Parameters<typeof answer>): string => {
  const result = answer(...args);
  if (result.handlerId === null) {
    assert.ok(result.detail.length > 10, 'a reason is explained');
    return result.reason;
  }
  return `${result.rung} ${result.handlerId}`;
};

describe('correlate: routes (rung 2)', () => {
  it('matches method and route with any slashes, HEAD as GET, ALL, and parameters by position', async () => {
    const w = await indexOf(shop);
    const list = '2 src/users/handlers.ts#list@GET /users';
    for (const route of ['/users', '/users/', '//users', '/users//'])
      assert.equal(short(w, { method: 'GET', route }), list, route);
    assert.equal(short(w, { method: 'HEAD', route: '/users' }), list);
    assert.equal(short(w, { method: 'PUT', route: '/any' }), '2 src/app.ts#any@ALL /any');
    assert.equal(
      short(w, { method: 'GET', route: '/users/:userId' }),
      '2 src/users/handlers.ts#show@GET /users/:id',
    );
    assert.equal(
      short(w, { method: 'GET', route: '/users/{userId}' }),
      '2 src/users/handlers.ts#show@GET /users/:id',
    );
  });

  it('prefers equal parameter names to equal positions', async () => {
    const w = await indexOf(shop);
    assert.equal(short(w, { method: 'GET', route: '/dup/:name' }), '2 src/app.ts#two@GET /dup/:name');
    assert.equal(short(w, { method: 'GET', route: '/dup/:other' }), '2 src/app.ts#one@GET /dup/:id');
  });

  it('says why there is no handler', async () => {
    const w = await indexOf(shop);
    assert.equal(short(w, { method: 'GET' }), 'no-route');
    assert.equal(short(w, { method: 'DELETE', route: '/users' }), 'route-not-found');
    assert.equal(short(w, { method: 'GET', route: '/nowhere' }), 'route-not-found');
    assert.equal(short(w, { kind: 'internal' }), 'unsupported-kind');
    assert.equal(short(w, { kind: 'messaging' }), 'unsupported-kind');
  });

  it('keeps telemetry text in a reason on one short line', async () => {
    const w = await indexOf(shop);
    const result = answer(w, { method: 'GET', route: `/x\n\n[a](command:evil)${'y'.repeat(5000)}` });
    assert.ok(result.handlerId === null && result.detail.length < 300 && !result.detail.includes('\n'));
  });

  it('finds middleware by name, by route where it is registered often, and never guesses', async () => {
    const w = await indexOf(shop);
    const middleware = (operation: Partial<Operation>) => short(w, { kind: 'middleware', ...operation });
    assert.equal(middleware({ name: 'requestId' }), '2 src/users/handlers.ts#requestId@use');
    assert.equal(
      middleware({ name: 'auth', method: 'GET', route: '/users/:id' }),
      '2 src/users/handlers.ts#auth@GET /users/:id',
    );
    assert.equal(middleware({ name: 'auth' }), 'ambiguous');
    assert.equal(middleware({ name: 'jsonParser' }), 'not-in-workspace');
    assert.equal(middleware({ name: '<anonymous>' }), 'not-in-workspace');
  });
});

describe('correlate: services and packages', () => {
  const app = (route: string, name: string): string =>
    `import express from 'express'; const app = express(); app.get('${route}', function ${name}() {});`;
  const files = {
    'package.json': '{"name":"root","workspaces":["services/*"]}',
    'services/orders/package.json': '{"name":"@acme/orders-api","dependencies":{"shared":"*"}}',
    'services/stock/package.json': '{"name":"stock-service"}',
    'shared/package.json': '{"name":"shared"}',
    'services/orders/src/app.ts':
      app('/health', 'ordersHealth') + app('/o', 'o').replace(/^.*app = express\(\);/, ''),
    'services/stock/src/app.ts':
      app('/health', 'stockHealth') + app('/s', 's').replace(/^.*app = express\(\);/, ''),
    'shared/index.ts': app('/lib', 'lib'),
  };

  it('lets the service decide between equal routes: by name, scope, folder or suture.json', async () => {
    const w = await indexOf(files);
    const health = (service: string, services = {}) =>
      short(w, { service, method: 'GET', route: '/health' }, [], { ...NO_CONFIG, services });
    const [orders, stock] = [
      '2 services/orders/src/app.ts#ordersHealth@GET /health',
      '2 services/stock/src/app.ts#stockHealth@GET /health',
    ];
    assert.equal(health('@acme/orders-api'), orders);
    assert.equal(health('orders-api'), orders);
    assert.equal(health('orders'), orders);
    assert.equal(health('stock-service'), stock);
    assert.equal(health('unknown'), 'ambiguous');
    assert.equal(health('unknown', { unknown: 'stock-service' }), stock);
    assert.equal(health('orders', { orders: './services/stock/' }), stock);
    assert.equal(health('__proto__'), 'ambiguous');
    assert.equal(health('unknown', { unknown: 'orders-api' }), orders, 'without its scope');
    assert.equal(health('unknown', { unknown: 'stock' }), stock, 'the name of the folder');
    assert.equal(health('unknown', { unknown: 'nowhere' }), 'ambiguous');
  });

  it('does not give a service the routes of a package that it does not run', async () => {
    const w = await indexOf(files);
    assert.equal(short(w, { service: 'orders', method: 'GET', route: '/s' }), 'route-not-found');
    assert.equal(
      short(w, { service: 'unknown', method: 'GET', route: '/s' }),
      '2 services/stock/src/app.ts#s@GET /s',
    );
    assert.equal(
      short(w, { service: 'orders', method: 'GET', route: '/lib' }),
      '2 shared/index.ts#lib@GET /lib',
    );
  });

  it('lets a service that has the name of the root of a monorepo run the packages below', async () => {
    const w = await indexOf({ ...files, 'package.json': '{"name":"acme"}' });
    const s = '2 services/stock/src/app.ts#s@GET /s';
    assert.equal(short(w, { service: 'acme', method: 'GET', route: '/s' }), s);
    assert.equal(short(w, { service: 'acme', method: 'GET', route: '/health' }), 'ambiguous');
  });

  it('finds a route that lost its prefix, where one route alone ends so', async () => {
    const routes = (...paths: readonly string[]) =>
      indexOf({
        'a.ts': `import express from 'express';\nconst app = express();\n${paths
          .map((path, i) => `app.get('${path}', function f${i}() {});`)
          .join('\n')}\napp.post('/v2/users/:id/posts', function p() {});`,
      });
    const ask = (w: Workspace, route: string) => short(w, { method: 'GET', route });
    const one = await routes('/v1/users/:id/posts', '/v1/:id');
    assert.equal(ask(one, '/users/:user/posts'), '2 a.ts#f0@GET /v1/users/:id/posts');
    assert.equal(ask(one, '/:id'), 'route-not-found', 'no word');
    assert.equal(ask(one, '/sers/:id/posts'), 'route-not-found', 'a part of a word');
    const two = await routes('/v1/users/:id/posts', '/v3/users/:id/posts');
    assert.equal(ask(two, '/users/:id/posts'), 'route-not-found', 'two routes end so');
  });

  it('breaks a tie by the name that the framework gives', async () => {
    const w = await indexOf(files);
    const tie = { service: 'unknown', method: 'GET', route: '/health' };
    assert.equal(short(w, tie, [{ handler: 'stockHealth' }]), 'ambiguous', 'never across packages');
    const one = await indexOf({ 'a.ts': app('/h', 'first'), 'b.ts': app('/h', 'second') });
    assert.equal(short(one, { method: 'GET', route: '/h' }), 'ambiguous');
    assert.equal(short(one, { method: 'GET', route: '/h' }, [{ handler: 'second' }]), '2 b.ts#second@GET /h');
  });
});

describe('correlate: code attributes (rung 1)', () => {
  const show = '1 src/users/handlers.ts#show@GET /users/:id';
  const operation: Partial<Operation> = { method: 'GET', route: '/users/:id' };

  it('matches containers, compiled files, file addresses and Windows paths by their longest suffix', async () => {
    const w = await indexOf(shop);
    for (const file of [
      '/app/dist/users/handlers.js',
      'src/users/handlers.ts',
      'file:///srv/src/users/handlers.js',
      'C:\\\\code\\\\src\\\\users\\\\handlers.ts',
    ]) {
      assert.equal(short(w, operation, [{ file, function: 'show' }]), show, file);
      assert.equal(short(w, operation, [{ file, line: 3 }]), show, file);
    }
    assert.equal(
      short(w, { method: 'GET', route: '/other' }, [{ file: 'handlers.js', function: 'UserHandlers.show' }]),
      show,
    );
    assert.equal(
      short(w, { method: 'GET', route: '/health' }, [
        { file: '/app/src/app.ts', function: '<anonymous>', line: 8 },
      ]),
      '1 src/app.ts#<anonymous>@GET /health',
    );
  });

  it('never follows a path out of the workspace', async () => {
    const w = await indexOf(shop);
    const lost = { method: 'GET', route: '/nowhere' };
    for (const file of [
      '../src/users/handlers.ts',
      '/app/../../src/users/handlers.ts',
      '..\\\\src\\\\users\\\\handlers.ts',
      '/etc/passwd',
      '/other/place.ts',
    ]) {
      assert.equal(short(w, lost, [{ file, function: 'show' }]), 'outside-workspace', file);
      assert.match(short(w, operation, [{ file, function: 'show' }]), /^2 /, 'the route still answers');
    }
    assert.equal(
      short(w, lost, [{ file: 'node_modules/x/handlers.js', function: 'show' }]),
      'route-not-found',
    );
    assert.equal(
      short(w, lost, [{ file: '/app/src/users/handlers.ts', function: 'nothing' }]),
      'route-not-found',
    );
    assert.equal(
      short(w, lost, [{ file: '/etc/handlers.ts', line: 3 }]),
      'route-not-found',
      'a line in a file that only has the same name',
    );
  });

  it('takes mappings of suture.json first', async () => {
    const w = await indexOf(shop);
    const config = {
      services: {},
      pathMappings: [
        { from: '/build/out', to: 'src/users' },
        { from: '/evil', to: '../..' },
      ],
    };
    assert.equal(short(w, operation, [{ file: '/build/out/handlers.js', function: 'show' }], config), show);
    assert.match(
      short(w, operation, [{ file: '/build/outer/handlers.js', function: 'gone' }], config),
      /^2 /,
    );
    assert.equal(
      short(
        w,
        { method: 'GET', route: '/nowhere' },
        [{ file: '/evil/handlers.js', function: 'show' }],
        config,
      ),
      'outside-workspace',
    );
  });

  it('is unsure between files that end alike', async () => {
    const file = (name: string): string =>
      `import { Router } from 'express'; export const r = Router(); r.get('/${name}', run); function run() {}`;
    const w = await indexOf({ 'a/routes/index.ts': file('a'), 'b/routes/index.ts': file('b') });
    assert.equal(short(w, { kind: 'http' }, [{ file: '/x/routes/index.js', function: 'run' }]), 'no-route');
    assert.equal(
      short(w, { kind: 'http' }, [{ file: '/x/b/routes/index.js', function: 'run' }]),
      '1 b/routes/index.ts#run@GET /b',
    );
  });
});

describe('correlate: routers whose prefix is not known', () => {
  const open = {
    'package.json': '{"name":"shop"}',
    'src/app.ts': `import express, { Router } from 'express';
const app = express();
const users = Router();
const orders = Router();
app.use(process.env.API_PREFIX, users);
app.get('/status', function status(req, res) {});
users.get('/', function list(req, res) {});
users.get('/:id', function one(req, res) {});
users.get('/status', function usersStatus(req, res) {});
users.get('/:id/orders', function ordersOf(req, res) {});
orders.get('/recent/:day', function recent(req, res) {});`,
  };
  const get = (route: string): Partial<Operation> => ({ method: 'GET', route });

  it('are known by the end of a reported route', async () => {
    const shopWithOpen = await indexOf(open);
    assert.equal(
      short(shopWithOpen, get('/api/v2/users/:id/orders')),
      '2 src/app.ts#ordersOf@GET /:id/orders',
    );
    assert.equal(short(shopWithOpen, get('/orders/recent/{day}')), '2 src/app.ts#recent@GET /recent/:day');
    assert.equal(short(shopWithOpen, get('/v2/status')), '2 src/app.ts#usersStatus@GET /status');
  });

  it('never take a route that is known in full, nor one of which the end says nothing', async () => {
    const shopWithOpen = await indexOf(open);
    assert.equal(short(shopWithOpen, get('/status')), '2 src/app.ts#status@GET /status');
    assert.equal(short(shopWithOpen, get('/')), 'route-not-found');
    assert.equal(short(shopWithOpen, get('/api/users/:id')), 'route-not-found');
    assert.equal(short(shopWithOpen, { method: 'POST', route: '/v2/status' }), 'route-not-found');
  });
});
