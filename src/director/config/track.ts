// The blocks that say what an instance or a sync group follows: `track_interface { }`, `track_script { }` and their like.
import { refused } from './answers.ts';
import type { ServiceKey } from './config.ts';
import { markNumber, PROTOCOLS } from './mark.ts';
import { type Options, type OptionsPlace, readOptions } from './options.ts';
import type { Reading } from './reading.ts';
import { portOrNone } from './real-server.ts';
import type { Statement } from './tree.ts';
import { address, choice, interfaceName, label, signedInteger } from './types.ts';
import { type Keyword, type Located, lines, type Values, type ValueType } from './vocabulary.ts';
import { noWeight, priorityWeight, type WeightDraft, weightOption } from './weight.ts';

/** A line of a track block. */
export interface TrackLine extends Readonly<WeightDraft> {
  readonly name: string;
}

/** A line of `track_service { }`; null: any protocol, the family of the real servers. */
export interface TrackServiceLine extends Readonly<WeightDraft> {
  readonly service:
    | { readonly address: string; readonly port: number; readonly protocol: string | null }
    | { readonly mark: number; readonly family: 4 | 6 | null };
}

/** The number of a file is multiplied: one more than reaches everywhere makes the largest change of a small number. */
const multiplier = signedInteger(-254, 254, 'WEIGHT');

function trackLines(
  type: ValueType<string>,
  weight: ValueType<number>,
  documentation: { readonly help: string; readonly example: string },
): Keyword<Located<TrackLine>[], 'all'> {
  const place: OptionsPlace = {
    owner: 'a line here takes',
    usage: `${type.name} [weight WEIGHT [reverse]]`,
  };
  const options: Options<WeightDraft> = { weight: weightOption(weight) };
  return lines({
    ...documentation,
    usage: `{ ${place.usage} ... }`,
    readLine(line, reading): Located<TrackLine> | undefined {
      const name = type.parse(line.words[0]!);
      if (name === undefined) reading.wrongWord(line, 0, type.description, documentation.example);
      if (line.block !== null) reading.error(line, 0, 'this takes no block', 'delete the braces');
      const draft = noWeight();
      readOptions(line, 1, options, draft, reading, place);
      return name === undefined ? undefined : { value: { name, ...draft }, statement: line };
    },
  });
}

const SERVICE_PLACE: OptionsPlace = {
  owner: 'a line here takes',
  usage:
    'ADDRESS PORT [TCP|UDP|SCTP] [weight WEIGHT [reverse]] | fwmark MARK [inet|inet6] [weight WEIGHT [reverse]]',
};

const SERVICE_OPTIONS: Options<WeightDraft> = { weight: weightOption(priorityWeight) };

const protocol = choice(PROTOCOLS, true);

const trackService = lines({
  usage: `{ ${SERVICE_PLACE.usage} ... }`,
  help: 'Virtual services: one without quorum takes its weight from the priority, or makes a FAULT.',
  example: 'track_service { 192.0.2.100 80 weight -20 }',
  readLine(line, reading): Located<TrackServiceLine> | undefined {
    const [first, second, third = ''] = line.words;
    let options = 2;
    let service: TrackServiceLine['service'] | undefined;
    if (first === 'fwmark') {
      const mark = argument(line, 1, markNumber, reading);
      const family = third === 'inet' ? 4 : third === 'inet6' ? 6 : null;
      if (family !== null) options++;
      if (mark !== undefined) service = { mark, family };
    } else {
      const ip = argument(line, 0, address, reading);
      const hasPort = second !== undefined && second !== 'weight';
      const port = hasPort ? argument(line, 1, portOrNone, reading) : 0;
      const known = hasPort ? protocol.parse(third) : undefined;
      options = hasPort ? (known === undefined ? 2 : 3) : 1;
      if (ip !== undefined && port !== undefined) service = { address: ip, port, protocol: known ?? null };
    }
    const draft = noWeight();
    readOptions(line, options, SERVICE_OPTIONS, draft, reading, SERVICE_PLACE);
    return service === undefined ? undefined : { value: { service, ...draft }, statement: line };
  },
});

function argument<T>(line: Statement, index: number, type: ValueType<T>, reading: Reading): T | undefined {
  const word = line.words[index];
  const result = word === undefined ? undefined : type.parse(word);
  if (result !== undefined) return result;
  const advice = `a line is: ${SERVICE_PLACE.usage}`;
  if (word === undefined) reading.error(line, index, `${line.words[0]} needs ${type.name}`, advice);
  else reading.wrongWord(line, index, type.description, advice);
  return undefined;
}

/** Of instances and of sync groups. */
export const trackKeywords = () => ({
  track_interface: trackLines(interfaceName, priorityWeight, {
    help: 'Interfaces: one that is down takes its weight from the priority, or makes a FAULT.',
    example: 'track_interface { eth1 weight -20 }',
  }),
  track_script: trackLines(label, priorityWeight, {
    help: 'The same with scripts, by the name of their vrrp_script.',
    example: 'track_script { chk_http weight -20 }',
  }),
  track_file: trackLines(label, multiplier, {
    help: 'The number in a file, times the weight, is added to the priority; with weight 0 another number than 0 makes a FAULT.',
    example: 'track_file { load weight -1 }',
  }),
  track_process: trackLines(label, multiplier, {
    help: 'As track_script with processes, by the name of their vrrp_track_process.',
    example: 'track_process { haproxy weight -20 }',
  }),
  track_service: trackService,
  track_bfd: refused('track_bfd { A }', 'use a short advert_int, or track_script: there is no BFD here'),
});

export type TrackValues = Values<ReturnType<typeof trackKeywords>>;

/** How messages name a service. */
export function serviceWords(service: TrackServiceLine['service'] | ServiceKey): string {
  if ('mark' in service) return `fwmark ${service.mark}`;
  return [service.address, service.port, service.protocol].filter(part => part !== null).join(' ');
}
