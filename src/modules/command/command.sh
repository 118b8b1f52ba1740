lk_run_place
set --
lk_k=0
while [ "$lk_k" -lt "$p_argv_n" ]; do
  lk_k=$((lk_k + 1))
  eval "lk_v=\$p_argv_$lk_k"
  [ "$p_expand" = 0 ] || lk_path "$lk_v"
  set -- "$@" "$lk_v"
done
lk_run_open "$@"
