# lk_text KEY FILE: the text of a file, without starting a process.
lk_text() {
  [ -f "$2" ] && [ -r "$2" ] || return 0
  lk_t=
  while IFS= read -r lk_v || [ -n "$lk_v" ]; do lk_t=$lk_t$lk_v$lk_nl; done <"$2"
  lk_s "$1" "$lk_t"
}

# lk_there KEY FILE...: which of these exist.
lk_there() {
  lk_k=$1
  shift
  for lk_f; do [ ! -e "$lk_f" ] || lk_l "$lk_k" "$lk_f"; done
}

lk_u=$(uname -snrm)
lk_s uname "$lk_u"
lk_text kernel_version /proc/sys/kernel/version
lk_text os_release /etc/os-release
for lk_f in debian_version alpine-release redhat-release lsb-release hosts; do
  lk_text "etc.$lk_f" "/etc/$lk_f"
done
lk_text machine_id /etc/machine-id
lk_text machine_id_dbus /var/lib/dbus/machine-id
lk_text init /proc/1/comm
lk_text container /run/systemd/container
lk_text cmdline /proc/cmdline
lk_text fips /proc/sys/crypto/fips_enabled
lk_text loadavg /proc/loadavg
lk_there there /run/systemd/system /dev/.run/systemd /dev/.systemd /sbin/openrc /etc/init.d /sys/module/apparmor \
  /usr/bin/apt-get /usr/bin/dnf5 /usr/bin/dnf /usr/bin/yum /usr/bin/zypper /usr/bin/pacman /sbin/apk \
  /usr/bin/apk /usr/bin/lsb_release /usr/bin/emerge /usr/bin/xbps-install /usr/bin/opkg \
  /.dockerenv /run/.containerenv /dev/kvm /proc/xen /proc/vz /proc/bc /proc/sys/kernel/osrelease
if [ -n "${debian_chroot-}" ]; then
  lk_b is_chroot true
elif [ -e /proc/1/root/. ]; then
  # shellcheck disable=SC3013 # dash, bash, BusyBox and mksh all have -ef
  if [ /proc/1/root/. -ef / ]; then lk_b is_chroot false; else lk_b is_chroot true; fi
else
  lk_v=$(ls -di /)
  lk_v=${lk_v#"${lk_v%%[0-9]*}"}
  case ${lk_v%% *} in 2 | 128 | 256) lk_b is_chroot false ;; *) lk_b is_chroot true ;; esac
fi
lk_text selinux.enforce /sys/fs/selinux/enforce
lk_text selinux.policyvers /sys/fs/selinux/policyvers
lk_text selinux.config /etc/selinux/config
for lk_f in sys_vendor product_name product_version product_serial product_uuid bios_vendor bios_version bios_date; do
  lk_text "dmi.$lk_f" "/sys/class/dmi/id/$lk_f"
done
for lk_f in rsa dsa ecdsa ed25519; do
  for lk_d in /etc/ssh /etc/openssh /etc; do
    if [ -f "$lk_d/ssh_host_${lk_f}_key.pub" ]; then lk_text "keys.$lk_f" "$lk_d/ssh_host_${lk_f}_key.pub" && break; fi
  done
done

if [ "$p_want_user" = 1 ]; then
  lk_v=$(id)
  lk_s id "$lk_v"
  lk_v=${lk_v#uid=}
  lk_v=${lk_v%%[!0-9]*}
  while IFS= read -r lk_t; do
    case $lk_t in
    *:*:"$lk_v":*) lk_f=${lk_t#*:*:} && [ "${lk_f%%:*}" = "$lk_v" ] && lk_s passwd "$lk_t" && lk_v=found && break ;;
    esac
  done </etc/passwd
  [ "$lk_v" = found ] || lk_s passwd "$(getent passwd "$lk_v" 2>/dev/null)"
fi
if [ "$p_want_env" = 1 ]; then
  lk_s env "$(
    if [ -n "$LC_ALL_BEFORE" ]; then LC_ALL=$LC_ALL_BEFORE; else unset LC_ALL; fi
    exec env
  )"
fi
[ "$p_want_date_time" = 0 ] || lk_s date "$(date '+%s|%Y-%m-%d|%H:%M:%S|%Z|%z|%A|%w|%W')"
if [ "$p_want_python" = 1 ]; then
  for lk_f in /usr/bin/python3 /usr/local/bin/python3 /usr/libexec/platform-python /bin/python3; do
    [ -x "$lk_f" ] || continue
    lk_s python.executable "$lk_f"
    lk_s python.target "$(readlink -f "$lk_f" 2>/dev/null)"
    break
  done
fi
if [ "$p_want_fqdn" = 1 ]; then
  lk_v=${lk_u#* }
  case ${lk_v%% *} in
  *.*) ;;
  *) lk_s fqdn "$(hostname -f 2>/dev/null)" ;;
  esac
fi
if [ "$p_want_hardware" = 1 ]; then
  lk_text meminfo /proc/meminfo
  lk_text cpus /sys/devices/system/cpu/online
  lk_text uptime /proc/uptime
fi
if [ "$p_want_network" = 1 ]; then
  for lk_d in /sys/class/net/*; do
    [ -e "$lk_d/mtu" ] || continue
    lk_f=${lk_d##*/}
    lk_a='' lk_m='' lk_o='' lk_y=''
    { read -r lk_a <"$lk_d/address"; read -r lk_m <"$lk_d/mtu"; read -r lk_o <"$lk_d/operstate"; read -r lk_y <"$lk_d/type"; } 2>/dev/null
    lk_l links "$lk_f $lk_y ${lk_m:-0} ${lk_o:-unknown} ${lk_a:--}"
  done
  if lk_has ip; then
    lk_s addresses "$(ip -o addr show 2>/dev/null)"
    lk_s route4 "$(ip -4 route get 8.8.8.8 2>/dev/null)"
    lk_s route6 "$(ip -6 route get 2404:6800:400a:800::1012 2>/dev/null)"
  fi
fi
if [ "$p_want_local" = 1 ]; then
  for lk_f in "$p_fact_path"/*.fact; do
    [ -f "$lk_f" ] || continue
    lk_l local_names "${lk_f##*/}"
    if [ -x "$lk_f" ]; then
      lk_v=$("$lk_f" </dev/null 2>/dev/null) && lk_l local_texts "$lk_v" && continue
      lk_l local_texts "Failure executing fact script ($lk_f), rc: $?"
    else
      lk_v=$(cat "$lk_f" 2>/dev/null)
      lk_l local_texts "$lk_v"
    fi
  done
fi
lk_ok
