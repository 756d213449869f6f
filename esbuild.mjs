// Builds the four entries into dist/: the extension, its two worker threads and the command line tool.
//   node esbuild.mjs [--production] [--watch]
import { build, context } from 'esbuild';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

const wanted = {
  extension: 'src/vscode/extension.ts',
  worker: 'src/vscode/worker.ts',
  parser: 'src/vscode/parser-worker.ts',
  suture: 'src/cli/suture.ts',
};
/** What activation must never load, as folder names of packages and as imports of Node. */
const tooHeavy = /node_modules\/(ts-morph|@ts-morph|typescript|chokidar|readdirp|zod)\/|^node:sqlite$/;
const activationLimit = 150 * 1024;

const entryPoints = {};
for (const [name, file] of Object.entries(wanted)) {
  if (existsSync(join(root, file))) entryPoints[name] = file;
  else console.log(`skipped dist/${name}.js: there is no ${file} yet`);
}

/** @type {import('esbuild').BuildOptions} */
const options = {
  absWorkingDir: root,
  entryPoints,
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  // The oldest supported editor, VS Code 1.106, runs extensions on Node 22.
  target: 'node22',
  external: ['vscode'],
  minify: production,
  sourcemap: !production,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  // Bundled CommonJS asks for `require`, `__filename` and `__dirname`, which ES modules do not have.
  banner: {
    js: [
      "import { createRequire as sutureRequire } from 'node:module';",
      "import { fileURLToPath as suturePath } from 'node:url';",
      'const require = sutureRequire(import.meta.url);',
      'const __filename = suturePath(import.meta.url);',
      "const __dirname = suturePath(new URL('.', import.meta.url));",
    ].join(''),
  },
  plugins: [{ name: 'report', setup: (instance) => instance.onEnd(report) }],
};

if (watch) {
  await (await context(options)).watch();
  console.log('watching src/ for changes');
} else {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  await build(options);
}

/** Prints what each entry loads at once, and keeps activation small. */
function report({ metafile, errors }) {
  if (metafile === undefined || errors.length > 0) return;
  mkdirSync(join(root, 'out'), { recursive: true });
  writeFileSync(join(root, 'out', 'meta.json'), JSON.stringify(metafile));
  for (const name of Object.keys(entryPoints)) {
    const loaded = loadedAtOnce(metafile, `dist/${name}.js`);
    const bytes = loaded.reduce((sum, file) => sum + metafile.outputs[file].bytes, 0);
    const files = loaded.length === 1 ? '' : ` in ${loaded.length} files`;
    console.log(`dist/${name}.js loads ${(bytes / 1024).toFixed(1)} KB${files}`);
    if (name === 'extension') keepLight(metafile, loaded, bytes);
  }
  const total = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
  console.log(`dist/ has ${(total / 1024 / 1024).toFixed(1)} MB${production ? '' : ' with source maps'}`);
}

/** An output and everything it imports statically. */
function loadedAtOnce(metafile, entry) {
  const seen = new Set([entry]);
  for (const file of seen) {
    for (const imported of metafile.outputs[file].imports) {
      if (imported.kind !== 'dynamic-import' && imported.path in metafile.outputs) seen.add(imported.path);
    }
  }
  return [...seen];
}

function keepLight(metafile, loaded, bytes) {
  const heavy = loaded.flatMap((file) => [
    ...Object.entries(metafile.outputs[file].inputs)
      .filter(([, input]) => input.bytesInOutput > 0)
      .map(([path]) => path),
    ...metafile.outputs[file].imports.filter((one) => one.external).map((one) => one.path),
  ]);
  const found = [...new Set(heavy.filter((path) => tooHeavy.test(path)))];
  if (found.length > 0) refuse(`activation would load ${found.slice(0, 5).join(', ')}`);
  if (production && bytes > activationLimit) {
    refuse(`activation would load ${bytes} bytes, the limit is ${activationLimit}`);
  }
}

function refuse(reason) {
  console.error(`The build is refused: ${reason}. See out/meta.json.`);
  process.exitCode = 1;
}
