// The one file behind `npm start` and `npm test`: plain JavaScript that runs on Node 20 with nothing installed.
// It installs the dependencies when they do not match the lock file (Node 24 is one of them), then hands over to
// `scripts/<name>.ts` on that Node 24.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [name, ...rest] = process.argv.slice(2);
const script = join(root, 'scripts', `${name}.ts`);
if (name === undefined || !existsSync(script)) fail(`There is no scripts/${name ?? '<name>'}.ts to run.`);
if (Number(process.versions.node.split('.')[0]) < 20)
  fail(`Node 20 or newer is needed, this is ${process.version}.`);

const mismatch = whyInstall();
if (mismatch !== undefined) install(mismatch);

const env = { ...process.env };
// Windows spells the variable "Path": two spellings in one environment would make the choice a lottery.
const pathKey = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
env[pathKey] = [join(root, 'node_modules', '.bin'), env[pathKey] ?? ''].join(delimiter);

const version = spawnSync('node', ['-v'], { env, encoding: 'utf8' }).stdout?.trim() ?? 'none';
if (!version.startsWith('v24.')) {
  fail(
    `Node 24 was expected from the package "node" in node_modules, found ${version}. Its install script may have been ` +
      `blocked: check "npm config get ignore-scripts", delete node_modules and run this again.`,
  );
}

// By name, not process.execPath: the child must be the Node 24 of node_modules.
const child = spawn('node', [script, ...rest], { cwd: root, env, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
// npm passes a signal to its shell only; when that dies of it, this process has a new parent.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && child.kill('SIGINT'), 500).unref();
child.on('error', (error) => fail(`Node 24 could not be started: ${error.message}`));
child.on('exit', (code, signal) =>
  process.exit(code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 15)),
);

/** Why node_modules has to be (re)made, or undefined; compares contents, since a checkout touches every time stamp. */
function whyInstall() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return 'node_modules is missing';
  if (!existsSync(join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node'))) {
    return 'node_modules has no Node 24';
  }
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || entry.optional) continue;
    if (present[path]?.version !== entry.version) return `${path} is not the version of package-lock.json`;
  }
  return undefined;
}

function install(reason) {
  console.log(`Installing dependencies (${reason}): npm ci`);
  const started = Date.now();
  const args = ['ci', '--ignore-scripts=false', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const result = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: 'inherit' })
    : spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (result.status !== 0) fail('npm ci failed: its messages above say why.');
  console.log(`Dependencies installed in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
}

/** @returns {never} */
function fail(message) {
  console.error(message);
  process.exit(1);
}
