// Checks the layer rules of .dependency-cruiser.ts: node scripts/layers.ts
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { cruiseOptions, layerRules, resolveOptions } from '../.dependency-cruiser.ts';

const result = await cruise(
  ['src'],
  { ...cruiseOptions, ruleSet: { forbidden: [...layerRules] }, validate: true },
  resolveOptions,
  { tsConfig: extractTSConfig('tsconfig.json') },
);
const { summary } = result.output as ICruiseResult;

const comments = new Map(layerRules.map((rule) => [rule.name, rule.comment]));
for (const { rule, from, to, cycle } of summary.violations) {
  const path = cycle === undefined ? to : cycle.map((step) => step.name).join(' -> ');
  console.error(`${from} -> ${path}\n    ${rule.name}: ${comments.get(rule.name) ?? ''}`);
}
const { totalCruised, totalDependenciesCruised = 0 } = summary;
console.log(
  `${totalCruised} modules, ${totalDependenciesCruised} dependencies, ${summary.error} broken rules`,
);
// With a TypeScript it cannot read the cruiser sees nothing and is content.
if (totalCruised === 0 || totalDependenciesCruised === 0) {
  console.error('No modules were cruised: the layer rules checked nothing.');
  process.exitCode = 1;
}
if (summary.error > 0) process.exitCode = 1;
