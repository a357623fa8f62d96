export default {
  files: ['test/**/*.test.ts'],
  extensions: ['ts'],
  timeout: '2m',
  // Threads share V8's map of compiled pages, in which a race ends the whole process ("jit_page.has_value()"), where processors have
  // protection keys; every file compiles what strips its types.
  workerThreads: false,
};
