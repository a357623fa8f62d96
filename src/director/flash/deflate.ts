// What the library for DEFLATE gives: an import of the whole of it, which `import()` is, would have the bundler keep all that it can do.
export { deflateSync, inflateSync } from 'fflate';
