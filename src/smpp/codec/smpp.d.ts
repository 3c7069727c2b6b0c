/** What we use of npm smpp 0.5.1: its command table and the primitive types behind it; it ships no declarations. */
declare module 'smpp/lib/defs.js' {
  interface PrimitiveType {
    readonly read: (buffer: Buffer, offset: number) => number | string | Buffer;
    readonly write: (value: number | string | Buffer, buffer: Buffer, offset: number) => void;
    readonly size: (value: number | string | Buffer) => number;
    readonly default: number | string | Buffer;
  }
  interface Param {
    readonly type: PrimitiveType;
  }
  const defs: {
    readonly commands: Readonly<
      Record<string, { readonly id: number; readonly params?: Readonly<Record<string, Param>> }>
    >;
    readonly types: { readonly int8: PrimitiveType; readonly cstring: PrimitiveType; readonly buffer: PrimitiveType };
    readonly tlvs: Readonly<Record<string, { readonly id: number }>>;
    readonly errors: Readonly<Record<string, number>>;
  };
  export default defs;
}
