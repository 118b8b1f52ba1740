#!/bin/sh
# A script with a mistake in it.
for x in a b; do
  echo "$x"
fi
