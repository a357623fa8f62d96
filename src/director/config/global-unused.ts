// Keywords of `global_defs` that do nothing here: what they are about is done otherwise, or not at all.
import { allWithoutEffect, refused } from './answers.ts';

const IN_NAMESPACE = 'start the director there: ip netns exec NAME director run';

/** The keywords and their answers. */
export function unusedGlobals(): object {
  return {
    ...allWithoutEffect('nothing here speaks SNMP, and director status --json tells what it would', [
      'snmp_socket udp:192.0.2.1:705',
      'enable_snmp_vrrp',
      'enable_snmp_checker',
      'enable_snmp_keepalived',
      'enable_snmp_rfc',
      'enable_snmp_rfcv2',
      'enable_snmp_rfcv3',
      'enable_traps',
      'snmp_vs_stats_update_interval 30',
      'snmp_rs_stats_update_interval 30',
    ]),
    ...allWithoutEffect('there is no D-Bus on the board', [
      'enable_dbus',
      'dbus_service_name org.keepalived.Vrrp1',
      'dbus_no_interface_name',
    ]),
    ...allWithoutEffect('priorities, memory and processors of the processes are chosen by the director', [
      'max_auto_priority 99',
      'min_auto_priority_delay 1000000',
      'vrrp_priority -20',
      'checker_priority -20',
      'bfd_priority -20',
      'vrrp_no_swap',
      'checker_no_swap',
      'bfd_no_swap',
      'vrrp_rt_priority 50',
      'checker_rt_priority 50',
      'bfd_rt_priority 50',
      'vrrp_rlimit_rttime 10000',
      'checker_rlimit_rttime 10000',
      'bfd_rlimit_rttime 10000',
      'vrrp_rlimit_rtime 10000',
      'checker_rlimit_rtime 10000',
      'bfd_rlimit_rtime 10000',
      'vrrp_cpu_affinity 0',
      'checker_cpu_affinity 0',
      'bfd_cpu_affinity 0',
    ]),
    ...allWithoutEffect('the processes have their own names: director: vrrp and so on', [
      'process_names',
      'process_name keepalived',
      'vrrp_process_name vrrp',
      'checker_process_name checker',
      'lvs_process_name checker',
      'bfd_process_name bfd',
    ]),
    ...allWithoutEffect('what overflows is asked for again', [
      'vrrp_netlink_cmd_rcv_bufs 65536',
      'vrrp_netlink_cmd_rcv_bufs_force on',
      'vrrp_netlink_monitor_rcv_bufs 65536',
      'vrrp_netlink_monitor_rcv_bufs_force on',
      'lvs_netlink_cmd_rcv_bufs 65536',
      'lvs_netlink_cmd_rcv_bufs_force on',
      'lvs_netlink_monitor_rcv_bufs 65536',
      'lvs_netlink_monitor_rcv_bufs_force on',
      'process_monitor_rcv_bufs 65536',
      'process_monitor_rcv_bufs_force on',
      'vrrp_rx_bufs_policy MTU',
      'vrrp_rx_bufs_multiplier 3',
    ]),
    ...allWithoutEffect('the director filters by nf_tables, in a table of its own', [
      'vrrp_iptables INPUT',
      'vrrp_ipsets keepalived',
      'nftables keepalived',
      'nftables_priority -1',
      'nftables_counters',
      'nftables_ifindex',
    ]),
    ...allWithoutEffect('names of routing tables are those of iproute2', [
      'iproute_etc_dir /etc/iproute2',
      'iproute_usr_dir /usr/share/iproute2',
    ]),
    ...allWithoutEffect('director status and its like tell what goes on', [
      'data_use_instance on',
      'state_dump_file state.json',
      'stats_dump_file stats',
      'json_dump_file keepalived.json',
      'json_version 2',
    ]),
    ...allWithoutEffect('the director reads the file when it is told to, and refuses one with errors', [
      'tmp_config_directory /tmp',
      'config_save_dir /tmp',
      'reload_check_config',
      'reload_file',
      'reload_time_file /etc/reload-at',
      'reload_repeat',
    ]),
    ...allWithoutEffect('files are made for their owner alone', ['umask 077']),
    ...allWithoutEffect('random numbers in the configuration follow from the config id', ['random_seed 1']),
    ...allWithoutEffect('nobody but root can change a script on the board, whose root is read-only', [
      'enable_script_security',
    ]),
    ...allWithoutEffect('scripts have the group they are given, and no other', ['set_supplementary_groups']),
    ...allWithoutEffect('paths of scripts are taken as they are written', ['use_symlink_paths']),
  };
}

/** Those of the top level. */
export function unusedAtTop(): object {
  return {
    ...allWithoutEffect('one director runs on a board', ['instance one', 'use_pid_dir']),
    ...allWithoutEffect('the supervisor waits as long as it takes', ['child_wait_time 5']),
    ...allWithoutEffect('there are no ipsets', ['namespace_with_ipsets']),
    bfd_instance: refused(
      'bfd_instance A { neighbor_ip 192.0.2.2 }',
      'delete it: there is no BFD here; track an interface or a script, or check by PING_CHECK',
    ),
    ...Object.fromEntries(
      ['net_namespace', 'net_namespace_ipvs'].map(word => [word, refused(`${word} blue`, IN_NAMESPACE)]),
    ),
  };
}
