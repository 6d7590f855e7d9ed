import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  zstdCompressSync,
  zstdDecompressSync,
} from "node:zlib";

type Bytes = Uint8Array<ArrayBuffer>;

/** A checksum in each page: a bit that rots on the disk is an error then, not another number. */
const CHECKED = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };

/** What the Parquet libraries call to compress a page. */
export const COMPRESSORS = { ZSTD: plainBytes((bytes) => zstdCompressSync(bytes, CHECKED)) };

/** What they call to read one, by the name of its codec; Snappy they know themselves. */
export const DECOMPRESSORS = {
  ZSTD: plainBytes(zstdDecompressSync),
  GZIP: plainBytes(gunzipSync),
  BROTLI: plainBytes(brotliDecompressSync),
};

/** The libraries look at the buffer below an array, which must hold nothing else. */
function plainBytes(convert: (bytes: Uint8Array) => Uint8Array): (bytes: Uint8Array) => Bytes {
  return (bytes) => new Uint8Array(convert(bytes));
}
