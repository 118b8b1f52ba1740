lk_run_place
lk_run_open "${p_executable:-/bin/sh}" -c "$p_cmd"
