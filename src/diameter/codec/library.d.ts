/** The parts of the untyped `diameter` package that we use. */
declare module 'diameter/lib/diameter-types.js' {
  const types: {
    readonly encode: (type: string, value: unknown) => Buffer;
    readonly decode: (type: string, data: Buffer) => unknown;
  };
  export default types;
}

declare module 'diameter/lib/diameter-codec.js' {
  const codec: {
    readonly decodeMessageHeader: (bytes: Buffer) => {
      readonly header: {
        readonly commandCode: number;
        readonly flags: {
          readonly request: boolean;
          readonly proxiable: boolean;
          readonly error: boolean;
          readonly potentiallyRetransmitted: boolean;
        };
        readonly applicationId: number;
        readonly hopByHopId: number;
        readonly endToEndId: number;
      };
    };
  };
  export default codec;
}
