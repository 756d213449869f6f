export { otlpJson } from './otlp-json.ts';
