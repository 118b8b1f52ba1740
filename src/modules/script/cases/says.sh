#!/bin/sh
echo "[$#: $*]"
pwd
cat
env | grep -c -e ^lk_ -e ^p_
[ ! -e /tmp/.latchkey.* ]
