# How a body says, before it changes what is no file and no account, how that is taken back. Only a grant's journal listens.
# shellcheck disable=SC2034,SC2154 # variables are shared with the bodies

# lk_quote TEXT: sets lk_v to the text as one word of a shell.
lk_quote() {
  lk_v='' lk_qr=$1
  while :; do
    case $lk_qr in *\'*) ;; *) break ;; esac
    lk_v=$lk_v${lk_qr%%\'*}"'\\''"
    lk_qr=${lk_qr#*\'}
  done
  lk_v="'$lk_v$lk_qr'"
}

# lk_undo_words WORD...: sets lk_v to the words as a command of a shell.
lk_undo_words() {
  lk_qw=
  for lk_qi in "$@"; do
    lk_quote "$lk_qi"
    lk_qw="$lk_qw $lk_v"
  done
  lk_v=${lk_qw# }
}

# lk_undo_by WHAT TEXT [EXTEND]: called in a dry run beside lk_plan: TEXT, run by sh as root, takes the change back. It must do no
# harm where the change was not made, or was taken back before, and leave what is somebody else's: then it says so on
# standard error and fails. WHAT names the change for people. EXTEND, where the change has an end of its own, is run with the
# seconds until another end, and that end's seconds since 1970.
lk_undo_by() { [ -z "${lk_journaling-}" ] || lk_journal_command "$@"; }
