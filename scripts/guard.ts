// Runs a program in this process's group and ends the whole group when the process that started it is gone, even if that
// was killed outright: node scripts/guard.ts <program> <arguments>
import { spawn } from 'node:child_process';

const [program = process.execPath, ...args] = process.argv.slice(2);
const parent = process.ppid;
const child = spawn(program, args, { stdio: 'inherit' });
child.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
child.on('exit', (code) => process.exit(code ?? 1));
// The program gets the group's signal itself; this process outlives it to pass on how it ended.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));

setInterval(() => {
  if (process.ppid === parent) return;
  if (process.platform === 'win32') child.kill();
  else process.kill(-process.pid, 'SIGKILL');
  process.exit(1);
}, 500);
