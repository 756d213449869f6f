import { loadComponents } from './load.io.ts';
import { notifyUi } from './notify.ts';

export const handlers = { loadComponents, notifyUi };
