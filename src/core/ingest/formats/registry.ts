export { otlpJson } from './otlp-json.ts';
export { otlpProtobuf } from './otlp-protobuf.ts';
export { renderxConsole } from './renderx-console.ts';
