export { otlpJson } from './otlp-json.ts';
export { renderxConsole } from './renderx-console.ts';
