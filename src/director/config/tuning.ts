// `tuning { }`: what the network cards, the kernel's packet path and IPVS are set to. Ours.
import type { HooksConfig, TuningConfig } from './config.ts';
import { latencyTimer, saysSomething, tunedInterface } from './tuning-interface.ts';
import { findSetting, settingKeywords } from './tuning-settings.ts';
import { integer, seconds, text } from './types.ts';
import { block, list, noArguments, type ValueType, value, valueOr } from './vocabulary.ts';

const folder: ValueType<string> = {
  name: 'PATH',
  description: 'an absolute path',
  parse: word => (word.startsWith('/') ? text('PATH').parse(word) : undefined),
};

/** Domain, bus, device and function in hexadecimal; with one domain, which every board has, it may be left out. */
const device: ValueType<string> = {
  name: 'DEVICE|needless',
  description: 'the place of a PCI device, as 00:0f.4, or needless',
  parse(word) {
    if (word === 'needless') return word;
    const place = /^(?:0000:)?([0-9a-f]{2}:[0-1][0-9a-f]\.[0-7])$/i.exec(word)?.[1];
    return place === undefined ? undefined : `0000:${place.toLowerCase()}`;
  },
  advise: () => 'director hardware names the devices on the interrupt of a network card',
};

const hookKeywords = {
  timeout: valueOr(seconds(0.1, 300), '10', {
    help: 'Seconds after which a script is ended.',
    example: 'timeout 5',
  }),
};

const hooks = block({
  usage: 'PATH { ... }',
  help: 'Folder with the folders before and after: the programs there are run, by name, before and after settings are changed.',
  example: 'hooks /etc/director/hooks { timeout 5 }',
  repeat: 'last',
  keywords: () => hookKeywords,
  header(statement, reading) {
    if (statement.words.length > 2) reading.extraWords(statement, 2);
    return reading.argument(statement, 1, folder);
  },
  finish: (path, values): HooksConfig => ({
    folder: path,
    timeout: values.timeout ?? hookKeywords.timeout.default,
  }),
});

const keywords = () => ({
  latency_timer: value(latencyTimer, {
    help: 'PCI clocks that a network card may go on while others wait; as the firmware set it unless said.',
    example: 'latency_timer 64',
  }),
  unbind: list(device, {
    help: 'PCI devices that are taken from their drivers; needless: those nobody needs on the interrupt of a network card.',
    example: 'unbind needless',
  }),
  rx_copybreak: value(integer(0, 1536, 'BYTES'), {
    help: 'Packets up to this size are copied into a small buffer when received. For most drivers active after the next boot.',
    example: 'rx_copybreak 200',
  }),
  conn_tab_bits: value(integer(8, 20, 'BITS'), {
    help: 'The table of connections has 2^BITS entries of 4 bytes; as the memory of the board allows unless set. Active after a commit and the next boot.',
    example: 'conn_tab_bits 14',
  }),
  hooks,
  interface: tunedInterface,
  ...settingKeywords(),
});

export const tuning = block({
  usage: '{ ... }',
  help: 'Settings of network cards, of the path of packets and of IPVS; each is read back, and undone when it is not said any more.',
  example: 'tuning { ... }',
  repeat: 'last',
  keywords,
  header: noArguments,
  finish(_, values, statement, reading): TuningConfig {
    const interfaces = values.interface ?? [];
    for (const [index, { name }] of interfaces.entries()) {
      if (interfaces.findIndex(each => each.name === name) === index) continue;
      const place = statement.block?.filter(each => each.words[0] === 'interface')[index] ?? statement;
      reading.error(place, 1, `interface ${name} is here a second time`, 'write its settings into one block');
    }
    const unbind = new Set(values.unbind?.flat());
    return {
      sysctls: Object.entries(values).flatMap(([word, given]) => {
        const setting = findSetting(word);
        return setting === null ? [] : [{ path: `${setting.folder}/${word}`, value: String(given) }];
      }),
      ...(values.latency_timer !== undefined && { latencyTimer: values.latency_timer }),
      ...(values.rx_copybreak !== undefined && { rxCopybreak: values.rx_copybreak }),
      ...(values.conn_tab_bits !== undefined && { connTabBits: values.conn_tab_bits }),
      ...(unbind.delete('needless') && { unbindsNeedless: true }),
      unbind: [...unbind],
      interfaces: interfaces.filter(saysSomething),
      ...(values.hooks !== undefined && { hooks: values.hooks }),
    };
  },
});
