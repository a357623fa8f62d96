// How the history of configurations is compressed: DEFLATE (RFC 1951), by a library that makes large tables when it is loaded, which is
// only when somebody asks for it.

export interface Codec {
  deflate(content: Uint8Array): Uint8Array;
  /** Throws an Error for anything that `deflate` has not made. */
  inflate(content: Uint8Array): Uint8Array;
}

export async function loadCodec(): Promise<Codec> {
  const { deflateSync, inflateSync } = await import('./deflate.ts');
  return {
    deflate: content => deflateSync(content, { level: 9 }),
    inflate: content => inflateSync(content),
  };
}
