// One way of finding the handlers of a workspace, in a process of its own: node bench/variants/index.ts WAY DIR
// Prints { seconds, cpuSeconds, peakMb, files, found }.
import path from 'node:path';
import { createParser } from '../../src/core/code/parser.ts';
import { createCodeIndex } from '../../src/core/engine/code-index.ts';
import { listSourceFiles } from '../../src/core/ingest/sources/workspace-files.ts';

const [, , way = '', dir = ''] = process.argv;
const root = path.resolve(dir);
const started = process.hrtime.bigint();
const cpuBefore = process.cpuUsage();
const answer = await (way === 'suture' ? suture() : tsMorph());
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
const cpu = process.cpuUsage(cpuBefore);
process.stdout.write(
  JSON.stringify({
    seconds,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    peakMb: process.resourceUsage().maxRSS / 1024,
    ...answer,
  }),
);

async function suture(): Promise<{ files: number; found: number }> {
  const index = createCodeIndex({ root, parser: createParser(), now: Date.now, onProblems: () => undefined });
  await index.scan();
  return { files: index.facts().size, found: index.handlers().handlers.length };
}

/** The usual way: a ts-morph project over the same files, every call of a verb with a literal path counted. */
async function tsMorph(): Promise<{ files: number; found: number }> {
  const { Node, Project } = await import('ts-morph');
  const { files } = await listSourceFiles(root);
  const project = new Project({ compilerOptions: { allowJs: true }, skipAddingFilesFromTsConfig: true });
  let found = 0;
  for (const file of files) {
    const source = project.addSourceFileAtPath(path.join(root, file));
    source.forEachDescendant((node) => {
      if (!Node.isCallExpression(node)) return;
      const callee = node.getExpression();
      const first = node.getArguments()[0];
      if (!Node.isPropertyAccessExpression(callee) || !first || !Node.isStringLiteral(first)) return;
      if (
        /^(get|post|put|patch|delete|all|use)$/.test(callee.getName()) &&
        first.getLiteralText().startsWith('/')
      )
        found++;
    });
  }
  return { files: files.length, found };
}
