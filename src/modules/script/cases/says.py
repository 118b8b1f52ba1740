#!/usr/bin/env -S python3 -u
import sys
print(sys.argv[1:], __file__.startswith("/dev/fd") or __file__)
