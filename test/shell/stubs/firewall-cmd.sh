#!/bin/sh
# Stands for firewall-cmd of firewalld 1.3, which needs D-Bus: the same options, answers and exit statuses, as far as the
# modules use them. Its rules are lines of /root/firewalld.runtime and /root/firewalld.permanent. As firewall-offline-cmd it
# knows only the permanent ones. It does not work while /root/firewalld.stopped is there.
set -eu
zone=public store=runtime timeout='' what='' value='' action='' service=''
for word in "$@"; do
    case $word in
        --state) action=state ;;
        --permanent) store=permanent ;;
        --zone=*) zone=${word#*=} ;;
        --timeout=*) timeout=${word#*=} ;;
        --service=*) service=${word#*=} ;;
        --get-default-zone) action=default ;;
        --get-zone-of-*=*) action=zone-of value=${word#*=} ;;
        --get-active-zones) action=active ;;
        --get-ports) action=ports ;;
        --info-zone=*) action=info zone=${word#*=} ;;
        --list-*) action=list what=${word#--list-} what=${what%s} ;;
        --query-*=* | --add-*=* | --remove-*=*)
            value=${word#*=} what=${word%%=*}
            what=${what#--} action=${what%%-*} what=${what#*-} ;;
        *) echo "usage: see firewall-cmd man page" >&2; exit 2 ;;
    esac
done
case ${0##*/} in
    *offline*) store=permanent ;;
    *) [ ! -e /root/firewalld.stopped ] || { echo 'FirewallD is not running' >&2; exit 252; } ;;
esac
case $store/$timeout in permanent/?*) echo "Can't specify timeout for permanent action." >&2; exit 2 ;; esac
case $zone in public | internal | drop) ;; *) echo "Error: INVALID_ZONE: $zone" >&2; exit 112 ;; esac
case $what/$value in
    service/*[!a-z]* | service/nonsense) echo "Error: INVALID_SERVICE: '$value' not among existing services" >&2; exit 101 ;;
    port/*/tcp | port/*/udp) ;;
    port/?*) echo "Error: INVALID_PORT: bad port" >&2; exit 102 ;;
esac
file=/root/firewalld.$store
[ -e "$file" ] || : >"$file"
line="$zone $what $value"
has() { cut -f 1 "$file" | grep -qxF -e "$line"; }
case $action in
    state) echo running ;;
    default) echo public ;;
    zone-of)
        grep -q -xF -e "internal source $value" "$file" || { echo 'no zone'; exit 2; }
        echo internal ;;
    active)
        for zone in drop internal public; do
            sources=$(sed -n "s/^$zone source //p" "$file" | tr '\n' ' ')
            [ -z "$sources" ] || printf '%s\n  sources: %s\n' "$zone" "${sources% }"
        done ;;
    ports) case $service in ssh) echo 22/tcp ;; http) echo 80/tcp ;; *) echo ;; esac ;;
    info) printf '%s\n  target: %s\n' "$zone" default ;;
    list) sed -n "s/^$zone $what \([^	]*\).*/\1/p" "$file" | tr '\n' ' ' ;;
    query) if has; then echo yes; else echo no; exit 1; fi ;;
    add)
        if has; then
            echo "Warning: ALREADY_ENABLED: $value" >&2
        elif [ -n "$timeout" ]; then
            printf '%s\ttimeout=%s\n' "$line" "$timeout" >>"$file"
        else
            printf '%s\n' "$line" >>"$file"
        fi
        echo success ;;
    remove)
        if has; then
            grep -vxF -e "$line" "$file" | grep -vF -e "$line	timeout=" >"$file.new" || :
            cat "$file.new" >"$file"
            rm "$file.new"
        else
            echo "Warning: NOT_ENABLED: $value" >&2
        fi
        echo success ;;
esac
