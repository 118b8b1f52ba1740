# shellcheck shell=sh
# What a fresh cloud has: databases, projects, users, regions, endpoints. Sourced by
# openstack.sh.

# make_databases: as each project's own tools do, but for Neutron, whose migrations SQLite refuses; the tables of its
# models are the same.
make_databases() {
    write_settings
    write_environments
    url=http://$OS_ADDRESS:$OS_KEYSTONE/v3
    # shellcheck disable=SC2016 # the other shell's
    in_root sh -euc '
        cd /srv/cloud
        mkdir -m 700 fernet credential-keys
        keystone="keystone-manage --config-file keystone.conf"
        own="--keystone-user root --keystone-group root"
        (
            $keystone db_sync
            $keystone fernet_setup $own
            $keystone credential_setup $own
            $keystone bootstrap --bootstrap-password secret --bootstrap-region-id RegionOne \
                --bootstrap-admin-url "$1" --bootstrap-internal-url "$1" --bootstrap-public-url "$1"
        ) &
        nova="nova-manage --config-file nova/nova.conf"
        $nova api_db sync
        $nova cell_v2 map_cell0 --database_connection sqlite:////srv/cloud/nova-cell0.db
        $nova db sync
        $nova cell_v2 create_cell --name cell1
        python3 -c "
from sqlalchemy import create_engine
from neutron.db.migration.models import head
for region in 1, 2:
    head.get_metadata().create_all(create_engine(f\"sqlite:////srv/cloud/neutron-{region}.db\"))
"
        wait $!
        python3 -c "
import glob, sqlite3
for path in glob.glob(\"*.db\"):
    sqlite3.connect(path).execute(\"pragma journal_mode = wal\")
"' sh "$url" >"$OS_DIR/databases.log" 2>&1 ||
        die "the databases could not be made: $(tail -n 5 "$OS_DIR/databases.log")"
}

# seed: one client process, a command a line.
seed() {
    client admin >"$OS_DIR/seed.log" 2>&1 <<END || die "seed failed: $(tail -n 5 "$OS_DIR/seed.log")"
project create service
user create --project service --password secret neutron
user create --project service --password secret nova
role add --project service --user neutron admin
role add --project service --user nova admin
region create RegionTwo
service create --name neutron network
service create --name nova compute
service create --name glance image
endpoint create --region RegionOne network public http://$OS_ADDRESS:$OS_NEUTRON_1
endpoint create --region RegionTwo network public http://$OS_ADDRESS:$OS_NEUTRON_2
endpoint create --region RegionOne compute public http://$OS_ADDRESS:$OS_NOVA/v2.1
endpoint create --region RegionOne image public http://$OS_ADDRESS:$OS_GLANCE/v2
project create demo
user create --project demo --password secret demo
user create --project demo --password secret ro
role add --project demo --user demo member
role add --project demo --user ro reader
END
    # The client ends with 0 whatever its commands say.
    in_root python3 - <<'END' || die "the seed is not whole: $(cat "$OS_DIR/seed.log")"
import sqlite3
db = sqlite3.connect("/srv/cloud/keystone.db")
count = lambda table: db.execute(f"select count(*) from {table}").fetchone()[0]
# Keystone's own three endpoints, and admin.
assert (count("endpoint"), count("local_user")) == (7, 5), (count("endpoint"), count("local_user"))
END
}

# add_servers: from the JSON on standard input; prints what it made as JSON.
add_servers() {
    settings=$(cat "$OS_DIR/admin.env")
    # shellcheck disable=SC2086 # no value has a blank
    in_root env $settings python3 -c "$(cat "$OS_HERE/servers.py")"
}
