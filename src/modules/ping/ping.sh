[ "$p_data" != crash ] || lk_fail boom
lk_s ping "$p_data"
lk_ok
