# What the controller decides for lineinfile in a run, where the line is given as it is: no pattern is needed for that.
# shellcheck disable=SC2034,SC2154 # parameters of the body that follows

# cu_decide STATE: sets the parameters of the body that writes a text, from p_path and p_line.
cu_decide() {
  lk_path "$p_path"
  lk_absolute "$lk_v"
  cu_file=$lk_v p_was_absent=1 p_same=0 p_old_size=0 p_old_sha1='' cu_before=
  if [ -f "$cu_file" ]; then
    p_was_absent=0
    cu_before=$(cat -- "$cu_file" && echo .) || lk_fail "could not read $cu_file"
    cu_before=${cu_before%.}
    p_old_size=$(wc -c <"$cu_file") p_old_size=$((p_old_size))
    [ "${#cu_before}" -eq "$p_old_size" ] || lk_fail "$cu_file is no text"
    p_old_sha1=$(sha1sum <"$cu_file" 2>/dev/null) p_old_sha1=${p_old_sha1%% *}
  elif [ -e "$cu_file" ]; then
    return
  fi
  if [ "$1" = present ]; then cu_put_line; else cu_drop_line; fi
}

cu_has_line() { case $lk_nl$cu_before$lk_nl in *"$lk_nl$p_line$lk_nl"*) ;; *) return 1 ;; esac; }

cu_put_line() {
  # Without a size the body only looks.
  if [ -n "$cu_before" ] && cu_has_line; then return; fi
  [ "$p_was_absent" = 0 ] || [ "$p_create" = 1 ] || return 0
  case $cu_before in '' | *"$lk_nl") ;; *) cu_before=$cu_before$lk_nl ;; esac
  cu_after=$cu_before$p_line$lk_nl
  p_size=${#cu_after} p_msg='line added'
}

cu_drop_line() {
  if [ "$p_was_absent" = 1 ] || ! cu_has_line; then return; fi
  cu_after='' cu_removed=0
  while [ -n "$cu_before" ]; do
    cu_line_of=${cu_before%%"$lk_nl"*}
    case $cu_before in
    *"$lk_nl"*) cu_before=${cu_before#*"$lk_nl"} cu_end=$lk_nl ;;
    *) cu_before='' cu_end='' ;;
    esac
    if [ "$cu_line_of" = "$p_line" ]; then
      cu_removed=$((cu_removed + 1))
    else
      cu_after=$cu_after$cu_line_of$cu_end
    fi
  done
  p_size=${#cu_after} p_msg="$cu_removed line(s) removed"
}

p_content() { lk_put "$cu_after"; }
