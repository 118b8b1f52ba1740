lk_run "${p_executable:-/bin/sh}" -c "$p_cmd"
