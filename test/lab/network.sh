# shellcheck shell=sh
# Addresses and links of a lab: a /22 of 198.18.0.0/15 (RFC 2544: for tests of
# devices, never routed) and a bridge. Sourced by lab.sh.
# shellcheck disable=SC2034 # what is set here, lab.sh and its other parts read

# link_mac: sets LAB_MAC, the hardware address of this lab's bridge. It is made
# from the directory's name: so a bridge tells whose it is from its first moment,
# and `down` needs no record to find it.
link_mac() {
    sum=$(printf %s "$LAB_DIR" | cksum)
    LAB_SUM=${sum%% *}
    LAB_MAC=$(printf '02:4c:%02x:%02x:%02x:%02x' $((LAB_SUM >> 24 & 255)) $((LAB_SUM >> 16 & 255)) \
        $((LAB_SUM >> 8 & 255)) $((LAB_SUM & 255)))
}

# number_network ID: sets the names and addresses of the lab with this number.
number_network() {
    LAB_LINK=lk$1
    LAB_PREFIX=198.$((18 + $1 / 64))
    LAB_BLOCK=$(($1 % 64 * 4))
    LAB_NETWORK=$LAB_PREFIX.$LAB_BLOCK.0/22
    LAB_CONTROLLER=$LAB_PREFIX.$LAB_BLOCK.1
}

# claim_network: makes the bridge. Whoever creates a link of a name owns that
# number, so that labs that start at the same moment get different networks.
claim_network() {
    link_mac
    LAB_PORT=22
    attempt=0
    while [ "$attempt" -lt 128 ]; do
        number_network $(((LAB_SUM + attempt) % 128))
        attempt=$((attempt + 1))
        [ -z "$(ip -4 route show root "$LAB_NETWORK")" ] || continue
        ip link add "$LAB_LINK" address "$LAB_MAC" type bridge 2>/dev/null || continue
        ip -batch - <<END
link set $LAB_LINK up
addr add $LAB_CONTROLLER/22 dev $LAB_LINK
END
        return 0
    done
    die "no free network of 198.18.0.0/15 and no free bridge name: see 'ip link'"
}

# host_address N: sets LAB_ADDRESS.
host_address() {
    case $LAB_MODE in
        namespaces) LAB_ADDRESS=$LAB_PREFIX.$((LAB_BLOCK + ($1 + 1) / 256)).$((($1 + 1) % 256)) ;;
        chroots) LAB_ADDRESS=127.$LAB_BLOCK.$(($1 / 256)).$(($1 % 256)) ;;
    esac
}

# down_links: removes this lab's bridge and the links on it.
down_links() {
    command -v ip >/dev/null || return 0
    link_mac
    ip -o link show type bridge 2>/dev/null | while read -r _ name rest; do
        name=${name%:}
        case "$name $rest" in
            lk[0-9]*" $LAB_MAC "*) ;;
            lk[0-9]*"link/ether $LAB_MAC "*) ;;
            *) continue ;;
        esac
        ip -o link show | sed -n "s/^[0-9]*: \($name-[0-9]*\)@.*/link del \1/p" | ip -force -batch - 2>/dev/null || :
        ip link del "$name" 2>/dev/null || :
    done
}
