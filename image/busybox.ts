// busybox: the shell and the small tools of the board.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gateOutput } from './gate.ts';
import { checkConfig, mergeConfig } from './kconfig.ts';
import { fetchSource, type Source, sourceKey, unpack, type Wanted } from './sources.ts';
import { type Context, type Output, step, type Work } from './step.ts';
import { type Toolchain, toolchain } from './toolchain.ts';

const BUSYBOX: Wanted = { name: 'busybox', release: 'bookworm', kind: 'source', licence: 'GPL-2.0-only' };

/** A built busybox. */
export interface Busybox extends Output {
  /** The program. */
  readonly program: string;
  /** Paths it is to be linked to, such as `/bin/ls`. */
  readonly applets: readonly string[];
}

async function build(
  work: Work,
  tools: Toolchain,
  fragment: string,
  source: Source,
  jobs: number,
): Promise<void> {
  const tree = await unpack(work, source);
  const config = join(tree, '.config');
  const make = (args: readonly string[]) => work.run('make', args, { cwd: tree });
  const demanded = readFileSync(fragment, 'utf8');
  // Its make knows no way to name a fragment; a number it would have to ask for fails here, with no input to read.
  await make(['-s', 'allnoconfig']);
  writeFileSync(config, mergeConfig(readFileSync(config, 'utf8'), demanded));
  await make(['-s', 'oldconfig']);
  checkConfig('busybox', demanded, readFileSync(config, 'utf8'));
  const prefix = `-ffile-prefix-map=${tree}=busybox`;
  await make([
    `-j${jobs}`,
    `CC=${tools.cc} ${prefix}`,
    'HOSTCC=gcc',
    'SKIP_STRIP=y',
    'busybox',
    'busybox.links',
  ]);
  copyFileSync(join(tree, 'busybox'), join(work.out, 'busybox.symbols'));
  const stripped = join(work.out, 'busybox');
  await work.run(tools.strip, ['-s', '-R', '.comment', '-R', '.note', '-o', stripped, join(tree, 'busybox')]);
  copyFileSync(join(tree, 'busybox.links'), join(work.out, 'links'));
}

/** Builds busybox, or finds it in the cache. */
export async function busybox(context: Context): Promise<Busybox> {
  const tools = await toolchain(context);
  const source = await fetchSource(context, BUSYBOX);
  const fragment = join(context.root, 'image/busybox.config');
  const output = await step(context, {
    name: 'busybox',
    inputs: [tools, sourceKey(source), { file: fragment }, { file: import.meta.filename }],
    estimate: 35,
    components: [source.component],
    build: work => build(work, tools, fragment, source, context.jobs),
  });
  await gateOutput(context, output, ['busybox.symbols'], '486');
  const links = readFileSync(join(output.path, 'links'), 'utf8').trim().split('\n');
  return { ...output, program: join(output.path, 'busybox'), applets: links };
}
