// Loads configurations from texts in memory.
import type { Config } from '../../src/director/config/config.ts';
import { type Loaded, loadConfig, type SourceReader } from '../../src/director/config/load.ts';

/** A reader over texts by path. */
export function memoryReader(files: Readonly<Record<string, string>>): SourceReader {
  return {
    read(path) {
      const text = files[path];
      if (text === undefined) throw new Error('no such file');
      return text;
    },
    list(directory) {
      const prefix = directory === '.' ? '' : directory.endsWith('/') ? directory : `${directory}/`;
      const names = Object.keys(files)
        .filter(path => path.startsWith(prefix))
        .map(path => path.slice(prefix.length).split('/')[0]!);
      if (names.length === 0 && prefix !== '') throw new Error('no such folder');
      return [...new Set(names)];
    },
  };
}

/** Loads a text, with other files beside it. */
export function load(text: string, files: Readonly<Record<string, string>> = {}): Loaded {
  return loadConfig('main.conf', memoryReader({ ...files, 'main.conf': text }));
}

/** What is wrong with a text: `line:column severity: message`. */
export function problemsOf(text: string): string[] {
  return load(text).problems.map(describe);
}

export function describe(problem: Loaded['problems'][number]): string {
  const { line, column, severity, message } = problem;
  return `${line}:${column} ${severity}: ${message}`;
}

/** The Config of a text that must be without any problem. */
export function goodConfig(text: string): Config {
  const { config, problems } = load(text);
  if (config === null || problems.length > 0) throw new Error(problems.map(describe).join('\n'));
  return config;
}

/** A virtual server with `lines` in it and one real server with `inner` lines in it. */
export function service(lines = '', inner = '', head = '192.0.2.100 80'): string {
  return `virtual_server ${head} {
lb_algo rr
lb_kind NAT
protocol TCP
${lines}
real_server 10.0.0.1 80 {
${inner}
}
}
`;
}

/** An instance with `lines` in it. */
export function instance(lines = '', name = 'VI_1', id = 51, address = '192.0.2.100/24'): string {
  return `vrrp_instance ${name} {
interface eth0
virtual_router_id ${id}
virtual_ipaddress {
${address}
}
${lines}
}
`;
}

/** Numbers 0 <= n < 2^32 that a seed fixes (mulberry32). */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return below => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** How often to try something random: as often as that in Node, less in QuickJS, where the same tests run again and take longer. */
export function rounds(inNode: number): number {
  return typeof process === 'object' && 'v8' in (process.versions ?? {}) ? inNode : Math.ceil(inNode / 20);
}
