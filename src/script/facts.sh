# The facts that a script finds out by itself, as the module setup tells them.
# shellcheck disable=SC2034 # the steps use them

# cu_release KEY: sets cu_v to a value of os-release(5).
cu_release() {
  cu_v=
  for cu_file in /etc/os-release /usr/lib/os-release; do
    [ -r "$cu_file" ] || continue
    while IFS= read -r cu_entry_line || [ -n "$cu_entry_line" ]; do
      case $cu_entry_line in
      "$1="*)
        cu_v=${cu_entry_line#*=}
        case $cu_v in \"*\" | \'*\') cu_v=${cu_v#?} cu_v=${cu_v%?} ;; esac
        return
        ;;
      esac
    done <"$cu_file"
    return
  done
}

# cu_distribution ID: sets cu_v to the name of a system, and cu_family to its family; cu_v empty for one that nobody listed.
cu_distribution() {
  cu_family=
  case $1 in
  almalinux) cu_v=AlmaLinux cu_family=RedHat ;;
  alpine) cu_v=Alpine ;;
  amzn) cu_v=Amazon cu_family=RedHat ;;
  arch | archarm) cu_v=Archlinux ;;
  centos) cu_v=CentOS cu_family=RedHat ;;
  debian | raspbian) cu_v=Debian ;;
  devuan) cu_v=Devuan cu_family=Debian ;;
  fedora) cu_v=Fedora cu_family=RedHat ;;
  gentoo) cu_v=Gentoo ;;
  kali) cu_v=Kali cu_family=Debian ;;
  linuxmint) cu_v='Linux Mint' cu_family=Debian ;;
  manjaro) cu_v=Manjaro cu_family=Archlinux ;;
  mariner) cu_v=Mariner ;;
  ol) cu_v=OracleLinux cu_family=RedHat ;;
  opensuse) cu_v=openSUSE cu_family=Suse ;;
  opensuse-leap) cu_v='openSUSE Leap' cu_family=Suse ;;
  opensuse-tumbleweed) cu_v='openSUSE Tumbleweed' cu_family=Suse ;;
  openwrt) cu_v=OpenWrt ;;
  pop) cu_v='Pop!_OS' cu_family=Debian ;;
  rhel) cu_v=RedHat ;;
  rocky) cu_v=Rocky cu_family=RedHat ;;
  sled) cu_v=SLED cu_family=Suse ;;
  sles) cu_v=SLES cu_family=Suse ;;
  sles_sap) cu_v=SLES_SAP cu_family=Suse ;;
  ubuntu) cu_v=Ubuntu cu_family=Debian ;;
  void) cu_v=Void ;;
  *) cu_v= ;;
  esac
  cu_family=${cu_family:-$cu_v}
}

# cu_first_line FILE: sets cu_v to it; empty where there is none.
cu_first_line() {
  cu_v=
  { IFS= read -r cu_v <"$1"; } 2>/dev/null || :
}

cu_find_release() {
  cu_release ID
  cu_release_id=$cu_v
  if [ -z "$cu_release_id" ]; then
    cu_fact_distribution=$cu_fact_system cu_fact_os_family=$cu_fact_system
    cu_fact_distribution_version=NA cu_fact_distribution_release=NA cu_fact_distribution_major_version=NA
    return
  fi
  cu_distribution "$cu_release_id"
  cu_fact_os_family=$cu_family cu_fact_distribution=$cu_v
  if [ -z "$cu_v" ]; then
    cu_release NAME
    cu_fact_distribution=${cu_v:-$cu_release_id} cu_fact_os_family=${cu_v:-$cu_release_id}
    cu_release ID_LIKE
    for cu_like in $cu_v; do
      [ "$cu_like" != suse ] || cu_like=opensuse
      cu_distribution "$cu_like"
      [ -z "$cu_family" ] || { cu_fact_os_family=$cu_family && break; }
    done
  fi
  cu_release VERSION_ID
  cu_fact_distribution_version=${cu_v:-NA}
  case $cu_release_id in
  debian | raspbian)
    cu_first_line /etc/debian_version
    case $cu_v in
    [0-9]*) cu_fact_distribution_version=$cu_v ;;
    ?*) [ "$cu_fact_distribution_version" != NA ] || cu_fact_distribution_version=$cu_v ;;
    esac
    ;;
  centos)
    cu_first_line /etc/redhat-release
    case $cu_v in
    *'release '[0-9]*.[0-9]*)
      cu_v=${cu_v#*release }
      cu_v=${cu_v%% *} cu_rest=${cu_v#*.}
      cu_fact_distribution_version=${cu_v%%.*}.${cu_rest%%.*}
      ;;
    esac
    ;;
  esac
  cu_fact_distribution_major_version=${cu_fact_distribution_version%%.*}
  cu_release VERSION_CODENAME
  cu_fact_distribution_release=$cu_v
  if [ -z "$cu_v" ]; then
    cu_release VERSION
    case $cu_v in
    *'('?*')'*)
      cu_v=${cu_v#*\(}
      cu_fact_distribution_release=${cu_v%%\)*}
      ;;
    *) cu_fact_distribution_release=NA ;;
    esac
  fi
}

cu_find_package_manager() {
  case $cu_fact_os_family in
  Debian) cu_usual=' apt ' ;;
  RedHat) cu_usual=' dnf dnf5 yum ' ;;
  Suse) cu_usual=' zypper ' ;;
  Alpine) cu_usual=' apk ' ;;
  Archlinux) cu_usual=' pacman ' ;;
  *) cu_usual= ;;
  esac
  cu_fact_pkg_mgr=
  for cu_tool in /usr/bin/apt-get:apt /usr/bin/dnf5:dnf5 /usr/bin/dnf:dnf /usr/bin/yum:yum /usr/bin/zypper:zypper \
    /usr/bin/pacman:pacman /sbin/apk:apk /usr/bin/apk:apk /usr/bin/emerge:portage /usr/bin/xbps-install:xbps \
    /usr/bin/opkg:opkg; do
    [ -e "${cu_tool%%:*}" ] || continue
    case $cu_usual in *" ${cu_tool#*:} "*) cu_fact_pkg_mgr=${cu_tool#*:} && return ;; esac
    cu_fact_pkg_mgr=${cu_fact_pkg_mgr:-${cu_tool#*:}}
  done
  cu_fact_pkg_mgr=${cu_fact_pkg_mgr:-unknown}
}

cu_find_service_manager() {
  if [ -d /run/systemd/system ] || [ -e /dev/.run/systemd ] || [ -e /dev/.systemd ]; then
    cu_fact_service_mgr=systemd
    return
  fi
  cu_first_line /proc/1/comm
  case $cu_v in
  '' | init | *sh)
    if [ -e /sbin/openrc ]; then cu_v=openrc; elif [ -e /etc/init.d ]; then cu_v=sysvinit; else cu_v=service; fi
    ;;
  procd) cu_v=openwrt_init ;;
  runit-init) cu_v=runit ;;
  openrc-init) cu_v=openrc ;;
  svscan) cu_v=svc ;;
  esac
  cu_fact_service_mgr=$cu_v
}

# cu_find_facts: sets cu_fact_* to all of them.
cu_find_facts() {
  cu_fact_system=$(uname -s) cu_fact_nodename=$(uname -n) cu_fact_kernel=$(uname -r) cu_fact_machine=$(uname -m)
  cu_fact_hostname=${cu_fact_nodename%%.*} cu_fact_user_id=$(id -un)
  case $cu_fact_machine in i[3-6]86) cu_fact_architecture=i386 ;; *) cu_fact_architecture=$cu_fact_machine ;; esac
  cu_find_release
  cu_find_package_manager
  cu_find_service_manager
}
