#!/bin/sh
# What `npm run demo` and `npm test` need, installed when it is missing, and then
# the demo or the tests.
#
#   setup.sh demo [--mode chroots] | test [VITEST-OPTION...] | openstack [VITEST-OPTION...]
#            | bench [--rounds N] [--hosts 1,5,20,50]
#
# As root, or as an account with sudo, which is then used for Debian's packages and
# for the lab only. Set LATCHKEY_NO_INSTALL to have nothing installed.

set -eu
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export PATH
cd -- "$(dirname -- "$0")/../.."
# shellcheck source=/dev/null
. ./test/lab/packages.sh

say() {
    printf 'setup: %s\n' "$*" >&2
}

die() {
    say "$@"
    exit 1
}

# What to do on a machine that cannot have a lab.
real_host() {
    cat >&2 <<'END'

A lab is not needed to use Latchkey. On a host of your own:

  npm install && npm run build
  node dist/main.js run playbooks/grant.yml -i '192.0.2.10,' -u debian --private-key ~/.ssh/id_ed25519 \
    -e '{"support_keys": ["ssh-ed25519 AAAA... engineer@vendor"]}'
END
}

check_node() {
    command -v npm >/dev/null || die 'npm is missing: it comes with Node.js 20.19 or later, https://nodejs.org'
    node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
        die "Node.js $(node --version) is too old: 20.19 or later is needed, https://nodejs.org"
}

# as_root COMMAND...: directly, or by sudo.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# may_root: whether as_root can work: asks for the password where there is a terminal.
may_root() {
    [ "$(id -u)" != 0 ] || return 0
    command -v sudo >/dev/null || return 1
    if [ -t 0 ]; then sudo -v; else sudo -n true 2>/dev/null; fi
}

# install_packages: those Debian packages of which a command is missing.
install_packages() {
    missing=$(missing_packages "$1")
    [ -n "$missing" ] || return 0
    if [ -n "${LATCHKEY_NO_INSTALL-}" ] || ! command -v apt-get >/dev/null; then
        die "these Debian packages, or your system's equals, are missing: $missing"
    fi
    may_root || {
        say "these Debian packages are missing: $missing"
        say "install them as root, then try again: apt-get install $missing"
        real_host
        exit 1
    }
    say "installing Debian packages: $missing"
    # shellcheck disable=SC2086 # a list of names
    as_root sh test/lab/packages.sh install $missing >&2 || die "apt-get could not install: $missing"
}

# install_modules: npm's packages, unless node_modules holds exactly what the lock file says.
install_modules() {
    ! node test/lab/modules-current.mjs || return 0
    [ -z "${LATCHKEY_NO_INSTALL-}" ] || die 'node_modules is not as package-lock.json says: npm ci'
    say 'installing npm packages (npm ci)'
    # No package needs its install script: ssh2 only tries to compile an optional part.
    set -- --ignore-scripts --no-audit --no-fund --loglevel=error
    if ! complaint=$(npm ci "$@" 2>&1); then
        # npm 11 refuses a lock file without the packages of every other platform, which a
        # mirror may not have. npm install takes the same versions and checks the same hashes.
        say "npm ci refuses ($(printf '%s\n' "$complaint" | sed -n 's/^npm error code //p' | head -n 1)): npm install --no-save"
        npm install --no-save "$@" >&2 || {
            printf '%s\n' "$complaint" >&2
            die 'npm could not install the packages'
        }
    fi
    node test/lab/modules-current.mjs || die 'node_modules is not as package-lock.json says after the installation'
}

build() {
    if [ -e dist/.built ] && [ -z "$(find src package.json package-lock.json tsconfig*.json rolldown.config.* \
        -newer dist/.built -print -quit)" ]; then
        return 0
    fi
    say 'building dist'
    npm run --silent build >&2 || die 'the build failed: npm run build'
    : >dist/.built
}

command=${1-}
[ $# -eq 0 ] || shift
case $command in
    demo | test | openstack | bench) ;;
    *) sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2 && exit 5 ;;
esac
check_node
case $(uname -s) in
    Linux) ;;
    *)
        say "the lab needs Linux with its namespaces; this is $(uname -s)"
        [ "$command" = test ] || { real_host && exit 1; }
        ;;
esac
[ "$(uname -s)" != Linux ] || install_packages "$command"
install_modules
build
case $command in
    demo)
        may_root || {
            say 'the lab needs root: this account is not root and may not use sudo'
            real_host
            exit 1
        }
        exec node test/lab/demo.mjs "$@"
        ;;
    openstack) exec node node_modules/vitest/vitest.mjs run --project openstack "$@" ;;
    bench) exec node test/bench/bench.mjs "$@" ;;
    test)
        # The lab's tests ask sudo without a prompt: ask for it once, here.
        may_root || say 'not root and no sudo: the tests against real hosts will be skipped'
        exec node test/lab/run-tests.mjs "$@"
        ;;
esac
