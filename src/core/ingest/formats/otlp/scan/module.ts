import { wasm } from './wasm.ts';

/** What `assembly/scan.ts` exports; addresses are bytes of `memory`. */
export interface ScanModule {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly inputAt: () => number;
  readonly rowsAt: () => number;
  readonly varsAt: () => number;
  readonly groupsAt: () => number;
  readonly scopesAt: () => number;
  readonly latestEndMs: () => number;
  /** Bytes of memory that a request of this length takes. */
  readonly needs: (length: number) => number;
  /** Enters the key of this length that stands at the input. */
  readonly addKey: (length: number, id: number) => void;
  /** Attributes from this id on vary within a family. */
  readonly setFirstVarying: (id: number) => void;
  /** Forgets all families. */
  readonly reset: () => void;
  /** Number of rows, -1 for a request to be decoded plainly, -2 where there is no room for further families. */
  readonly scan: (length: number) => number;
}

/** What is used of the host's WebAssembly; Node's types leave it to those of browsers. */
interface Host {
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array) => object;
    readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  };
}

/** Undefined where the host has no WebAssembly with SIMD. */
export function loadModule(): ScanModule | undefined {
  try {
    const abort = (): never => {
      throw new Error('The scanner stopped.');
    };
    const { Instance, Module } = (globalThis as unknown as Host).WebAssembly;
    const { exports } = new Instance(new Module(Buffer.from(wasm, 'base64')), { env: { abort } });
    return exports as ScanModule;
  } catch {
    return undefined;
  }
}
