// NAME.ID: the name of an interface says which VLAN it is, and of which other interface.
import type { VlanConfig } from './config.ts';
import type { Reading } from './reading.ts';
import type { Statement } from './tree.ts';

/** IEEE 802.1Q: 0 is no VLAN, 4095 is reserved. */
const HIGHEST = 4094;

/** Null for a name that is not of the form NAME.ID; the id may be out of range. */
export function vlanOf(name: string): VlanConfig | null {
  const parts = /^(.*)\.([0-9]+)$/.exec(name);
  return parts && { base: parts[1]!, id: Number(parts[2]) };
}

/** The VLAN that the name of a block asks for; null: none. Undefined when it cannot be made, which has been reported. */
export function readVlan(
  name: string,
  statement: Statement,
  reading: Reading,
): VlanConfig | null | undefined {
  const vlan = vlanOf(name);
  if (vlan === null) return null;
  const { base, id } = vlan;
  const wrong = (message: string, advice: string) => {
    reading.error(statement, 1, message, advice);
    return undefined;
  };
  if (base === '') return wrong(`"${name}" names no interface that carries the VLAN`, 'for example: eth0.5');
  if (id < 1 || id > HIGHEST) {
    return wrong(`"${name}" has no VLAN id from 1 to ${HIGHEST}`, `for example: ${base}.5`);
  }
  // Else two names would stand for one VLAN.
  if (name !== `${base}.${id}`)
    return wrong(`"${name}" is not how VLAN ${id} is named`, `write ${base}.${id}`);
  if (base === 'lo') return wrong('lo carries no VLANs', 'name the interface of the cable: eth0');
  if (vlanOf(base) !== null) {
    return wrong(`${base} is a VLAN itself and carries none`, 'name the interface of the cable: eth0');
  }
  return vlan;
}
