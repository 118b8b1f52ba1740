#!/bin/sh
# Writes what Debian's ansible-inventory (ansible-core 2.14) prints for each case. Run it after a case was added, and
# read the difference: a changed line is a claim about Ansible.
set -eu
cd "$(dirname "$0")"
export ANSIBLE_LOCALHOST_WARNING=False LC_ALL=C.UTF-8
for folder in */; do
  (
    cd "$folder"
    set --
    while IFS= read -r source; do set -- "$@" -i "$source"; done <sources
    ansible-inventory "$@" --list 2>/dev/null >list.txt
    ansible-inventory "$@" --graph 2>/dev/null >graph.txt
    ansible-inventory "$@" --graph --vars 2>/dev/null >graph-vars.txt
    [ ! -f host ] || ansible-inventory "$@" --host "$(cat host)" 2>/dev/null >host.txt
  )
done
