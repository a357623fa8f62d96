// `use_vmac`: a macvlan interface with the virtual MAC of the group, which the virtual addresses are set on.
import type { Globals } from './global.ts';
import { placeOf, type Reading } from './reading.ts';
import type { Statement } from './tree.ts';
import { interfaceName } from './types.ts';
import type { Keyword } from './vocabulary.ts';
import type { VirtualMacConfig } from './vrrp-config.ts';

/** Null: no name given. */
export interface VmacName {
  readonly name: string | null;
}

export const useVmac: Keyword<VmacName, 'last'> = {
  usage: '[INTERFACE]',
  help: 'Put the virtual addresses on an interface of their own with the virtual MAC of the group; vrrp.ID is its name unless set.',
  example: 'use_vmac vrrp.51',
  repeat: 'last',
  defaultText: null,
  fields: null,
  read(statement, reading) {
    let name: string | null = null;
    for (let i = 1; i < statement.words.length; i++) {
      const word = statement.words[i]!;
      if (word === 'name' && i + 1 < statement.words.length) continue;
      if (word === 'netlink_notify_msg') {
        reading.warning(statement, i, 'netlink_notify_msg has no effect here', 'delete it');
      } else if (word === 'group') {
        reading.error(statement, i, 'groups of interfaces are not supported', 'delete group and its name');
        i++;
      } else if (word.includes(':')) {
        const advice = 'delete it: the MAC of RFC 9568 section 7.3 is used, 00:00:5e:00:01:ID';
        reading.error(statement, i, 'a virtual MAC of your own is not supported', advice);
      } else if (name !== null) {
        reading.error(statement, i, 'use_vmac takes one name', useVmac.example);
      } else {
        const given = interfaceName.parse(word);
        if (given === undefined) reading.wrongWord(statement, i, interfaceName.description, useVmac.example);
        name = given ?? null;
      }
    }
    reading.endsAfter(statement, statement.words.length);
    return { name };
  },
};

export interface VmacValues {
  use_vmac?: VmacName;
  vmac_xmit_base?: true;
}

export function finishVirtualMac(
  values: VmacValues,
  globals: Globals,
  group: { readonly id: number; readonly family: 4 | 6; readonly isUnicast: boolean },
  statement: Statement,
  reading: Reading,
): VirtualMacConfig | null {
  const { use_vmac: vmac, vmac_xmit_base: base = false } = values;
  if (vmac === undefined) {
    if (base) {
      const place = placeOf(statement, 'vmac_xmit_base');
      reading.warning(place, 0, 'vmac_xmit_base has no effect without use_vmac', 'delete it');
    }
    return null;
  }
  if (group.isUnicast && !base) {
    const advice = 'write vmac_xmit_base: what goes to peers leaves by the real interface';
    reading.warning(placeOf(statement, 'use_vmac'), 0, 'use_vmac with peers needs vmac_xmit_base', advice);
  }
  const prefix = globals.vmac_prefix;
  const made = prefix === undefined ? null : `${prefix}${group.family === 6 ? '6' : ''}.${group.id}`;
  return { name: vmac.name ?? made, transmitFromBase: base || group.isUnicast };
}
