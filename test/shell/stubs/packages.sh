#!/bin/sh
# Stands for apt-get and dpkg-query, dnf, yum and rpm, apk, or zypper, by the name that it is called by: the same options,
# answers and exit statuses, as far as the module package uses them. /root/here has a line `NAME VERSION` for each package of
# the host, /root/repository for each that could be; calls that are no dry runs are lines of /root/calls.
set -eu
tool=${0##*/}
version_in() { sed -n "s/^$2 //p" "$1"; }
set_version() { sed -i "/^$1 /d" /root/here && echo "$1 $2" >>/root/here; }

case $tool in
dpkg-query)
    name=''
    for word in "$@"; do name=$word; done
    case $name in
    *'{Provides}'*) while read -r one _; do [ "$one" != exim ] || echo 'installed, mta (= 4), '; done </root/here ;;
    *) version=$(version_in /root/here "$name") && [ -n "$version" ] && echo "installed $version" ;;
    esac
    exit ;;
rpm)
    name=''
    for word in "$@"; do name=$word; done
    [ "$1 $2" != "-q --whatprovides" ] || [ "$name" != mta ] || name=exim
    [ -n "$(version_in /root/here "$name")" ] || [ -n "$(version_in /root/here "${name%-*}")" ]
    exit ;;
esac

action='' dry='' names='' no_upgrade='' upgrade=''
while [ $# -gt 0 ]; do
    case $1 in
    -o) shift ;;
    -s | --simulate | --assumeno | --dry-run) dry=1 ;;
    --no-upgrade) no_upgrade=1 ;;
    --upgrade) upgrade=1 ;;
    --*) ;;
    -y | -e) ;;
    *) if [ -z "$action" ]; then action=$1; else names="$names $1"; fi ;;
    esac
    shift
done
case $tool/$action in
*/update | */makecache | zypper/refresh)
    [ -f /root/no-network ] && { echo 'Err: no network' && exit 1; }
    cp /root/repository.new /root/repository 2>/dev/null || :
    exit ;;
apk/info)
    for name in $names; do [ -z "$(version_in /root/here "$name")" ] || echo "$name"; done
    exit ;;
esac
[ -n "$dry" ] || echo "$tool $action$names" >>/root/calls
done=0
for name in $names; do
    wanted=''
    case $tool/$name in
    apt-get/*=*) wanted=${name#*=} name=${name%%=*} ;;
    [dy]*/exim-[0-9]*) wanted=${name#*-} name=${name%%-*} ;;
    esac
    here=$(version_in /root/here "$name") there=$(version_in /root/repository "$name")
    case $action in
    remove | del)
        [ -n "$here" ] || continue
        done=$((done + 1))
        [ -n "$dry" ] || sed -i "/^$name /d" /root/here ;;
    *)
        if [ -z "$there" ]; then
            case $tool in
            apt-get) echo "E: Unable to locate package $name" && exit 100 ;;
            dnf) printf 'No match for argument: %s\nError: Unable to find a match: %s\n' "$name" "$name" && exit 1 ;;
            yum) printf 'No package %s available.\nError: Nothing to do\n' "$name" && exit 1 ;;
            apk) printf 'ERROR: unable to select packages:\n  %s (no such package):\n    required by: world[%s]\n' "$name" "$name" && exit 1 ;;
            zypper) printf "No provider of '%s' found.\n" "$name" && exit 104 ;;
            esac
        fi
        if [ -n "$here" ]; then
            case $tool/$no_upgrade$upgrade in apt-get/1 | apk/) continue ;; esac
            [ "$here" != "${wanted:-$there}" ] || continue
        fi
        done=$((done + 1))
        [ -n "$dry" ] || set_version "$name" "${wanted:-$there}"
        case $tool in apk) echo "($done/$done) Installing $name ($there)" ;; esac ;;
    esac
done
case $tool in
apt-get) case $action in
    remove) echo "0 upgraded, 0 newly installed, $done to remove and 3 not upgraded." ;;
    *) echo "0 upgraded, $done newly installed, 0 to remove and 3 not upgraded." ;;
    esac ;;
apk) case $action/$done in del/0) ;; del/*) echo "(1/$done) Purging" ;; esac
    echo "OK: 9 MiB in $done packages" ;;
zypper) if [ "$done" = 0 ]; then echo 'Nothing to do.'; else echo "$done packages"; fi ;;
*)
    if [ "$done" = 0 ]; then echo 'Nothing to do.'; elif [ -n "$dry" ]; then echo 'Operation aborted.' && exit 1; fi
    echo 'Complete!' ;;
esac
