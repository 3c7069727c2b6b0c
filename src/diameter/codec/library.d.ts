/** The parts of the untyped `diameter` package that we use. Functions are properties: its modules call each other through them. */
declare module 'diameter/lib/diameter-dictionary.js' {
  const dictionary: { getAvpByName: (name: string) => unknown };
  export default dictionary;
}

declare module 'diameter/lib/diameter-types.js' {
  const types: {
    encode: (type: string, value: unknown) => Buffer;
    decode: (type: string, data: Buffer) => unknown;
  };
  export default types;
}

declare module 'diameter/lib/diameter-codec.js' {
  interface LibraryHeader {
    version: number;
    commandCode: number;
    /** The encoder takes the bits in this very order of properties. */
    flags: { request: boolean; proxiable: boolean; error: boolean; potentiallyRetransmitted: boolean };
    applicationId: number;
    hopByHopId: number;
    endToEndId: number;
  }
  const codec: {
    encodeMessage: (message: { header: LibraryHeader; body: readonly (readonly [string, unknown])[] }) => Buffer;
    decodeMessageHeader: (bytes: Buffer) => { header: LibraryHeader };
  };
  export default codec;
}
