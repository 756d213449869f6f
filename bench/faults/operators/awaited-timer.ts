import { Node } from 'ts-morph';
import type { Operator } from '../operator.ts';
import { bodyOf } from './functions.ts';

/** 40 ms of waiting at the start of an async function. */
export const awaitedTimer: Operator = {
  id: 'awaited-timer',
  class: 'latency',
  sites(node) {
    const body = bodyOf(node);
    if (body === undefined || !Node.isAsyncable(node) || !node.isAsync()) return [];
    const start = body.getStart() + 1;
    const text = '\nawait new Promise((resolve) => setTimeout(resolve, 40));';
    return [{ line: body.getStartLineNumber() + 1, edits: [{ start, end: start, text }] }];
  },
  example: {
    before: 'async function f() { return 1; }',
    after: 'async function f() {\nawait new Promise((resolve) => setTimeout(resolve, 40)); return 1; }',
  },
};
