/** The part of the WebAssembly JavaScript interface that is used here; TypeScript has it only among the browser's types. */

export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}
/** Compiled code, which threads share. */
export interface WasmModule {
  readonly [Symbol.toStringTag]: "WebAssembly.Module";
}
interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

export const wasm = (
  globalThis as unknown as {
    readonly WebAssembly: {
      readonly Memory: new (descriptor: {
        readonly initial: number;
        readonly maximum: number;
        readonly shared: true;
      }) => SharedMemory;
      readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => WasmModule;
      readonly instantiate: (
        module: WasmModule,
        imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
      ) => Promise<WasmInstance>;
    };
  }
).WebAssembly;
