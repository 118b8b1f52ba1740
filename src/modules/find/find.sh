# Walks below directories and tells of what is there; what of it is wanted, the controller decides. The field `found` is
# made of chunks that begin with `//`, which no path has in it, so that a name may hold any byte:
#   //=BASE      a directory to be searched begins (the root as an empty text)
#   //-PATH      no directory is there
#   //NUMBER     so many things were seen
#   //:RECORD    about one of them, as fi_format has it
#   //+LINES     checksums, a line for each file
#   //%SUM PATH  the checksum of a file whose name needs more than a line
#   //!LINES     what find had to say to the directory
# shellcheck disable=SC2034,SC2154 # lk_v, and p_* that come with the program

for fi_tool in find stat ${p_sum-}; do
  lk_has "$fi_tool" || lk_fail "there is no $fi_tool on this host, which find needs"
done
fi_format='//:%f:%u:%g:%s:%h:%i:%d:%.6X:%.6Y:%.6Z:%U:%G:%n'

# fi_walk BASE
fi_walk() {
  set -- "$1" -mindepth 1
  [ -z "${p_depth+x}" ] || set -- "$@" -maxdepth "$p_depth"
  # shellcheck disable=SC2016 # for that shell
  set -- "$@" -exec sh -c 'printf //%s $#' _ '{}' +
  [ -z "${p_type+x}" ] || set -- "$@" -type "$p_type"
  fi_n=0
  fi_or='('
  while [ "$fi_n" -lt "$p_names_n" ]; do
    fi_n=$((fi_n + 1))
    eval "fi_name=\$p_names_$fi_n"
    set -- "$@" "$fi_or" -name "$fi_name"
    fi_or=-o
  done
  [ "$fi_n" = 0 ] || set -- "$@" ')'
  set -- "$@" -exec stat -c "$fi_format" -- '{}' +
  if [ -n "${p_sum+x}" ]; then
    # One process for many files, but not for names that GNU's would write in a way of its own. Which those are, BusyBox's
    # find could not sort out: it forgets an -exec that stands in parentheses.
    # shellcheck disable=SC2016
    set -- "$@" -type f -exec sh -c '
      sum=$1
      line_break=$2
      shift 2
      case $* in *"$line_break"* | *\\*)
        for file; do
          shift
          case $file in
          *"$line_break"* | *\\*) hash=$("$sum" <"$file") && printf "//%%%s %s" "${hash%% *}" "$file" ;;
          *) set -- "$@" "$file" ;;
          esac
        done
        ;;
      esac
      if [ $# -gt 0 ]; then
        printf //+
        "$sum" -- "$@"
      fi' _ "$p_sum" "$lk_nl" '{}' +
  fi
  # The outer output is fd 4; what goes wrong comes after it.
  {
    fi_problems=$(find "$fi_links" "$@" 2>&1 >&4)
    lk_put "//!$fi_problems"
  } 4>&1
}

# The directories themselves may be links in any case.
if [ "$p_follow" = 1 ]; then fi_links=-L; else fi_links=-H; fi
fi_found=
fi_i=0
while [ "$fi_i" -lt "$p_paths_n" ]; do
  fi_i=$((fi_i + 1))
  eval "fi_base=\$p_paths_$fi_i"
  lk_path "$fi_base"
  case $lk_v in
  /*) ;;
  *) lk_fail "$fi_base in paths is not a full path: it has to begin with / or ~" ;;
  esac
  lk_absolute "$lk_v"
  fi_base=$lk_v
  if [ -d "$fi_base" ]; then
    fi_found=$fi_found//=${fi_base#/}$(fi_walk "$fi_base")
  else
    fi_found=$fi_found//-$fi_base
  fi
done
lk_s found "$fi_found"
lk_i now "$(date +%s)"
lk_ok
