// The configuration of the smallest Ceph that gives S3: one monitor, one store of objects in memory,
// one gateway, no authentication among them, one copy of everything.

export function cephConf({ directory, monitor, storePorts, gatewayPort }) {
    return `
[global]
fsid = ${monitor.cluster}
mon_host = [v2:127.0.0.1:${monitor.port}]
ms_bind_msgr1 = false
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_port_min = ${storePorts.first}
ms_bind_port_max = ${storePorts.last}
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
# By default the gateway insists on an encrypted session with the monitor, and waits for ever.
ms_mon_client_mode = crc
keyring = ${directory}/keyring
run_dir = ${directory}
crash_dir = ${directory}
admin_socket =
log_to_file = false
log_to_stderr = true
mon_cluster_log_to_file = false
debug_rocksdb = 0
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
# A machine whose disk is nearly full can still run tests.
mon_data_avail_warn = 2
mon_data_avail_crit = 1
# A second by default, paid for each pool that the gateway makes.
paxos_propose_interval = 0.01
paxos_min_wait = 0.01

[mon.a]
mon_data = ${directory}/mon

[osd.0]
osd_data = ${directory}/osd
osd_objectstore = memstore
memstore_device_bytes = 8589934592
osd_op_num_shards = 2
osd_op_num_threads_per_shard = 1

[client.rgw.a]
rgw_data = ${directory}/rgw
# BUCKET.localhost is a bucket too; resolvers know every such name.
rgw_dns_name = localhost
# Without tcp_nodelay an answer waits for the client's delayed acknowledgement, 40 ms.
rgw_frontends = beast tcp_nodelay=1 endpoint=127.0.0.1:${gatewayPort}
rgw_thread_pool_size = 64
rgw_run_sync_thread = false
# The space of what was removed is wanted soon, not after two hours.
rgw_gc_obj_min_wait = 5
rgw_gc_processor_period = 5
# Keys for some minutes, with a token; the gateway encrypts its tokens with this.
rgw_s3_auth_use_sts = true
rgw_sts_key = banter-test-keys
# The other way round a wrong signature is told as a wrong token.
rgw_s3_auth_order = local, sts
`;
}
