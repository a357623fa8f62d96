// `track_file NAME { }`: a file whose number is tracked.
import { lacks } from './reading.ts';
import type { Tracker } from './track-script.ts';
import { signedInteger, text } from './types.ts';
import { block, type Keyword, type Located, oneName, value } from './vocabulary.ts';
import type { TrackFileConfig } from './vrrp-config.ts';
import { fileWeight, weightKeyword } from './weight.ts';

const number = signedInteger(-2_147_483_647, 2_147_483_647, 'VALUE');

type Initial = NonNullable<TrackFileConfig['initial']>;

const initFile: Keyword<Initial, 'last'> = {
  usage: '[VALUE] [overwrite]',
  help: 'Make the file with this number, 0 unless set, when there is none; with overwrite in any case.',
  example: 'init_file 0',
  repeat: 'last',
  defaultText: null,
  fields: null,
  read(statement, reading) {
    const words = statement.words.slice(1);
    const overwrite = words.includes('overwrite');
    const at = words.findIndex(word => word !== 'overwrite');
    reading.endsAfter(statement, 1 + (overwrite ? 1 : 0) + (at < 0 ? 0 : 1));
    const initial = at < 0 ? 0 : reading.argument(statement, at + 1, number);
    return initial === undefined ? undefined : { value: initial, overwrite };
  },
};

const keywords = () => ({
  file: value(text('PATH'), { help: 'Path of the file.', example: 'file /run/load' }),
  weight: weightKeyword(fileWeight, {
    help: 'What the number is multiplied with; 1 unless set, 0: another number than 0 makes a FAULT.',
    example: 'weight -1',
  }),
  init_file: initFile,
});

export const trackFile = block({
  usage: 'NAME { ... }',
  help: 'A file with a number, read whenever it changes.',
  example: 'track_file load { ... }',
  keywords,
  header: oneName,
  finish(name, values, statement, reading): Located<Tracker<TrackFileConfig>> | undefined {
    if (lacks(statement, 'file')) {
      reading.error(statement, 0, `track_file ${name} has no file`, 'add, for example: file /run/load');
    }
    if (values.file === undefined) return undefined;
    const config: TrackFileConfig = { name, path: values.file, initial: values.init_file ?? null };
    return { value: { config, weight: values.weight ?? { weight: 1, reverse: false } }, statement };
  },
});
