# shellcheck shell=sh
# The services: their settings, their start and their end. Sourced by openstack.sh.
#
# Each is one process with one thread: SQLite lets one writer in at a time, and says
# "database is locked" to the others.

OS_KEYSTONE=15000
OS_KEYSTONE_SECURE=15001
OS_NEUTRON_1=19696
OS_NEUTRON_2=19697
OS_NOVA=18774
# Glance is not there: a client without an image endpoint refuses to list servers.
# shellcheck disable=SC2034 # seed.sh reads it
OS_GLANCE=19292

# write_settings: of every service, for OS_ADDRESS.
write_settings() {
    mkdir -p "$OS_DIR/nova" "$OS_DIR/lock"
    cat >"$OS_DIR/keystone.conf" <<END
[database]
connection = sqlite:////srv/cloud/keystone.db
[identity]
# The least that bcrypt permits: a token in 0.07 s instead of 0.26 s.
password_hash_rounds = 4
[fernet_tokens]
key_repository = /srv/cloud/fernet
[fernet_receipts]
key_repository = /srv/cloud/fernet
[credential]
key_repository = /srv/cloud/credential-keys
END
    neutron_settings 1
    neutron_settings 2
    # Not beside Neutron's settings, which would take the file for its own.
    cp "$OS_ROOT/etc/nova/api-paste.ini" "$OS_DIR/nova/"
    cat >"$OS_DIR/nova/nova.conf" <<END
[DEFAULT]
transport_url = fake://
my_ip = $OS_ADDRESS
state_path = /srv/cloud
[api_database]
connection = sqlite:////srv/cloud/nova-api.db
[database]
connection = sqlite:////srv/cloud/nova.db
[oslo_concurrency]
lock_path = /srv/cloud/lock
[keystone_authtoken]
$(service_account nova)
[neutron]
$(service_account nova)
region_name = RegionOne
END
}

# neutron_settings N: of the N-th region, which has a database of its own. A reader may not write only with the new
# defaults of the policy.
neutron_settings() {
    cat >"$OS_DIR/neutron-$1.conf" <<END
[DEFAULT]
auth_strategy = keystone
core_plugin = ml2
service_plugins =
transport_url = fake://
state_path = /srv/cloud
notify_nova_on_port_status_changes = False
notify_nova_on_port_data_changes = False
[database]
connection = sqlite:////srv/cloud/neutron-$1.db
[oslo_concurrency]
lock_path = /srv/cloud/lock
[oslo_policy]
enforce_new_defaults = True
enforce_scope = True
[ml2]
type_drivers = local
tenant_network_types = local
mechanism_drivers =
extension_drivers = port_security
[keystone_authtoken]
$(service_account neutron)
END
}

# service_account NAME: how a service asks Keystone whose token it was shown.
service_account() {
    cat <<END
auth_type = password
auth_url = http://$OS_ADDRESS:$OS_KEYSTONE
www_authenticate_uri = http://$OS_ADDRESS:$OS_KEYSTONE
username = $1
password = secret
project_name = service
user_domain_name = Default
project_domain_name = Default
END
}

# write_environments: what each user has in the environment, for openstackclient and everything that knows OS_*.
write_environments() {
    for user in admin demo ro; do
        case $user in ro) project=demo ;; *) project=$user ;; esac
        cat >"$OS_DIR/$user.env" <<END
OS_AUTH_URL=http://$OS_ADDRESS:$OS_KEYSTONE/v3
OS_IDENTITY_API_VERSION=3
OS_USERNAME=$user
OS_PASSWORD=secret
OS_PROJECT_NAME=$project
OS_USER_DOMAIN_NAME=Default
OS_PROJECT_DOMAIN_NAME=Default
OS_REGION_NAME=RegionOne
END
    done
}

# make_certificate: an authority of this cloud's own, and what Keystone shows on its secure port.
make_certificate() {
    mkdir "$OS_DIR/tls"
    printf 'subjectAltName=IP:%s\n' "$OS_ADDRESS" >"$OS_DIR/tls/extensions"
    # shellcheck disable=SC2016 # the other shell's
    in_root sh -euc 'cd /srv/cloud/tls
        new="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
        openssl req -x509 $new -days 30 -subj "/CN=cloud CA" -keyout ca.key -out ../ca.pem
        openssl req $new -subj /CN=keystone -keyout keystone.key -out keystone.csr
        openssl x509 -req -days 30 -in keystone.csr -CA ../ca.pem -CAkey ca.key -extfile extensions -out keystone.pem
    ' >"$OS_DIR/tls.log" 2>&1 || die "no certificate could be made: $(tail -n 3 "$OS_DIR/tls.log")"
    printf 'https://%s:%s/v3\n' "$OS_ADDRESS" "$OS_KEYSTONE_SECURE" >"$OS_DIR/secure-url"
}

# start_services: all, and waits until each answers.
start_services() {
    set -- --http-socket "$OS_ADDRESS:$OS_KEYSTONE" --wsgi-file /usr/bin/keystone-wsgi-public
    if [ -f "$OS_DIR/tls/keystone.pem" ]; then
        tls=/srv/cloud/tls/keystone
        set -- "$@" --https-socket "$OS_ADDRESS:$OS_KEYSTONE_SECURE,$tls.pem,$tls.key"
    fi
    start_service keystone "$@"
    start_neutron 1 "$OS_NEUTRON_1"
    start_neutron 2 "$OS_NEUTRON_2"
    start_service nova --http-socket "$OS_ADDRESS:$OS_NOVA" --wsgi-file /usr/bin/nova-api-wsgi
    await_services
}

start_neutron() {
    start_service "neutron-$1" --http-socket "$OS_ADDRESS:$2" --wsgi-file /usr/bin/neutron-api \
        --pyargv "--config-file /srv/cloud/neutron-$1.conf"
}

# start_service NAME UWSGI-OPTION...: the placeholder is the mark by which `stop` finds the process. Without uWSGI's
# master there is one process, which ends at SIGTERM. It hangs up after each reply: a client that was not told so sends
# its next request into a closed connection.
start_service() {
    name=$1
    shift
    set -- uwsgi_python311 "$@" --set-placeholder "openstack=$OS_DIR" --processes 1 --threads 1 --enable-threads \
        --lazy-apps --need-app --die-on-term --buffer-size 65535 \
        --add-header "Connection: close" --logto "/srv/cloud/$name.log"
    ( exec_in_root env OS_KEYSTONE_CONFIG_FILES=/srv/cloud/keystone.conf OS_NOVA_CONFIG_DIR=/srv/cloud/nova "$@" ) \
        </dev/null >>"$OS_DIR/$name.log" 2>&1 9>&- &
    eval "pid_$(printf %s "$name" | tr - _)=$!"
}

# await_services: until each answers a request.
await_services() {
    for each in "keystone $OS_KEYSTONE" "neutron-1 $OS_NEUTRON_1" "neutron-2 $OS_NEUTRON_2" "nova $OS_NOVA"; do
        name=${each% *}
        eval "pid=\$pid_$(printf %s "$name" | tr - _)"
        await_service "$name" "$pid" "http://$OS_ADDRESS:${each#* }/"
    done
}

# await_service NAME PID URL: a service that cannot bind its port or load its program ends by itself.
await_service() {
    patience=30
    # The connection waits in the listener's queue until the program is loaded.
    until in_root wget -q -T 60 -t 1 -O /dev/null --content-on-error "$3" 2>/dev/null || [ $? = 8 ]; do
        kill -0 "$2" 2>/dev/null || die "$1 did not start: $(tail -n 5 "$OS_DIR/$1.log")"
        patience=$((patience - 1))
        [ "$patience" -gt 0 ] || die "$1 does not answer at $3: $(tail -n 5 "$OS_DIR/$1.log")"
        sleep 0.2
    done
}

# service_processes: those of this DIR's cloud, by their mark.
service_processes() {
    # shellcheck disable=SC2062 # the pattern is on standard input, so that grep does not find itself
    printf 'openstack=%s' "$OS_DIR" | grep -lszxF -f - /proc/[0-9]*/cmdline | sed 's,^/proc/\([0-9]*\)/.*,\1,' || :
}

# stop_services: those that do not end within 10 s are killed.
stop_services() {
    signal=TERM patience=100
    while pids=$(service_processes) && [ -n "$pids" ]; do
        for pid in $pids; do kill "-$signal" "$pid" 2>/dev/null || :; done
        patience=$((patience - 1))
        [ "$patience" -gt 0 ] || signal=KILL
        [ "$patience" -gt -100 ] || die "these processes do not end: $pids"
        sleep 0.1
    done
}
