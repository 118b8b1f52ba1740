#!/bin/sh
echo "[$#: $*]"
pwd
cat
env | grep -c -e ^lk_ -e ^p_
ls -d /tmp/.latchkey.* 2>/dev/null || :
