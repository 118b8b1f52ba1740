# Over a new connection: the change did not cut anybody off.
# shellcheck disable=SC2154 # p_* come with the program
if lk_disarm_switch "$p_switch"; then lk_ok; fi
lk_fail 'it was not confirmed in time, so the host has taken the change back by itself'
