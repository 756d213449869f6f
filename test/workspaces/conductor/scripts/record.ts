import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';

const root = new URL('..', import.meta.url);
const output = execFileSync(process.execPath, ['packages/conductor/src/main.ts'], { cwd: root });
mkdirSync(new URL('.logs/', root), { recursive: true });
writeFileSync(new URL(`.logs/localhost-${Date.now()}.log`, root), output);
