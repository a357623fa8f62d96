// The numbers by which the kernel's tables tell what the director has set from everything else.

/** IFA_PROTO of virtual addresses; `ip address` shows `proto 18`. */
export const VIRTUAL_ADDRESS = 18;

/** IFA_PROTO of the addresses of `interface` blocks. */
export const CONFIGURED_ADDRESS = 19;

/** rtm_protocol of the routes of `interface` blocks. */
export const CONFIGURED_ROUTE = 218;

/** rtm_protocol of virtual routes, and FRA_PROTOCOL of virtual rules. */
export const VIRTUAL_ROUTE = 219;

/** IFLA_GROUP of the macvlan interfaces that carry virtual MACs; `ip link` shows `group 18`. */
export const VIRTUAL_LINK = 18;

/** IFLA_GROUP of the VLAN interfaces of `interface` blocks. */
export const CONFIGURED_LINK = 19;
