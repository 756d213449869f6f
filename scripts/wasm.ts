// node scripts/wasm.ts: compiles the scanner of OTLP/JSON; a test compares what it gives with what is committed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = path.join(import.meta.dirname, '../src/core/ingest/formats/otlp/scan');

/** Text of `scan/wasm.ts`, from the sources in `scan/assembly`. */
export function compiled(): string {
  const packageFile = createRequire(import.meta.url).resolve('assemblyscript/package.json');
  const asc = path.join(path.dirname(packageFile), 'bin/asc.js');
  const out = mkdtempSync(path.join(tmpdir(), 'suture-wasm-'));
  try {
    const file = path.join(out, 'scan.wasm');
    const flags = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--enable', 'bulk-memory'];
    execFileSync(process.execPath, [asc, 'scan.ts', '-o', file, ...flags], {
      cwd: path.join(folder, 'assembly'),
    });
    const base64 = readFileSync(file).toString('base64');
    return `// Made by \`node scripts/wasm.ts\` from \`assembly/\`; not to be edited.\n/** WebAssembly in base64. */\nexport const wasm =\n  '${base64}';\n`;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(path.join(folder, 'wasm.ts'), compiled());
}
