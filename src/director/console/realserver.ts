// director realserver: what the host of a real server needs, as commands and files, and a script that tells whether it has that.
import type { Platform } from '../../platform/platform.ts';
import { nearest } from '../config/nearest.ts';
import { readRunning } from '../control/running.ts';
import { readConfig } from '../read-config.ts';
import { type Duty, dutiesOf, namesIn, type Topology } from '../realserver/duty.ts';
import { NoRecipe, type Recipe, type RecipeFile } from '../realserver/recipe.ts';
import { SYSTEMS, type System } from '../realserver/systems.ts';
import { UsageError } from './arguments.ts';
import { type Command, DONE, type Invocation, WRONG_INPUT } from './command.ts';
import { describeProblem } from './problems.ts';

export const realserver: Command = {
  name: 'realserver',
  usage: `NAME|ADDRESS [FILE] [--system ${SYSTEMS.map(({ name }) => name).join('|')}] [--check]`,
  summary: 'prints what the host of a real server needs; --check: a script that tells whether it has that',
  operands: { least: 1, most: 2 },
  run(platform, invocation) {
    const topology = topologyOf(platform, invocation);
    if (topology === null) return WRONG_INPUT;
    platform.print(prescribe(topology, invocation.operands[0]!, invocation));
    return DONE;
  },
};

/** Of the file, or of the running director; null when the file is wrong, which was said. */
function topologyOf(platform: Platform, { operands, runDirectory, configId }: Invocation): Topology | null {
  const [, file] = operands;
  if (file === undefined) {
    const running = readRunning(platform, runDirectory);
    if (running !== null) return running.config;
    throw new UsageError(`no director runs in ${runDirectory}: name the configuration FILE`);
  }
  const { config, problems } = readConfig(platform, file, configId);
  if (config === null) platform.printError(problems.map(describeProblem).join(''));
  return config;
}

/** What is printed: a script, or one line of JSON. Throws a UsageError for a name or a system that is unknown. */
export function prescribe(
  topology: Topology,
  name: string,
  { json, system, check }: Pick<Invocation, 'json' | 'system' | 'check'>,
): string {
  const found = systemNamed(system ?? 'debian');
  const duties = dutiesOf(topology, name);
  if (duties.length === 0) throw new UsageError(unknown(topology, name));
  const prescribed = duties.map(duty => ({ duty, recipe: recipeOf(found, duty) }));
  if (json) return `${JSON.stringify({ version: 1, system: found.name, hosts: prescribed.map(plain) })}\n`;
  if (!check) return prescribed.map(({ duty, recipe }) => describe(found, duty, recipe)).join('\n');
  if (duties.length > 1)
    throw new UsageError(`${name} has several addresses: name one of ${addressesOf(duties)}`);
  return prescribed[0]!.recipe.check;
}

function systemNamed(name: string): System {
  const system = SYSTEMS.find(each => each.name === name);
  if (system !== undefined) return system;
  throw new UsageError(`unknown system "${name}": there are ${SYSTEMS.map(each => each.name).join(', ')}`);
}

function recipeOf(system: System, duty: Duty): Recipe {
  try {
    return system.recipe(duty);
  } catch (error) {
    if (error instanceof NoRecipe)
      throw new UsageError(`${duty.address} on ${system.title}: ${error.message}`);
    throw error;
  }
}

function unknown(topology: Topology, name: string): string {
  const names = namesIn(topology);
  const likely = nearest(name, names);
  const hint = likely === null ? '' : `; did you mean ${likely}?`;
  return `no real server is called ${name}${hint}`;
}

function addressesOf(duties: readonly Duty[]): string {
  return duties.map(({ address }) => address).join(', ');
}

function plain({ duty, recipe }: { readonly duty: Duty; readonly recipe: Recipe }) {
  const { address, name, services, isDirector } = duty;
  const { commands, files, enabling, check } = recipe;
  const notes = [...duty.notes, ...recipe.notes];
  return { address, name, services, isDirector, commands, files, enabling, check, notes };
}

/** A script with remarks: what it says may be read, or run as it is. */
function describe({ title, remark }: System, duty: Duty, recipe: Recipe): string {
  const { name, address, services, isDirector, notes } = duty;
  const say = (text: string) => `${remark} ${text}\n`;
  const head = [
    say(`${name === null ? address : `${name} (${address})`}, a real server on ${title}, serves`),
    ...services.map(service => say(`  ${service}`)),
  ].join('');
  if (isDirector) return `${head}${say('This is an address of the director itself: nothing is to be done.')}`;
  const remarks = [...notes, ...recipe.notes].map(note => say(`Note: ${note}`)).join('');
  const lines = (all: readonly string[]) => all.map(each => `${each}\n`).join('');
  const nothing = recipe.commands.length === 0 ? say('Nothing is to be done.') : '';
  const atStart =
    recipe.files.length + recipe.enabling.length === 0
      ? ''
      : `\n${say('At every start:')}${recipe.files.map(writing).join('')}${lines(recipe.enabling)}`;
  return `${head}${remarks}${nothing}\n${say('Now:')}${lines(recipe.commands)}${atStart}`;
}

function writing({ path, mode, content }: RecipeFile): string {
  const folder = path.slice(0, path.lastIndexOf('/'));
  return `mkdir -p ${folder}\ncat >${path} <<'END'\n${content}END\nchmod ${mode.toString(8)} ${path}\n`;
}
