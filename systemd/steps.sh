# Read by install.sh and uninstall.sh: the names of what is installed, steps that are shown, and the way back.
# shellcheck shell=bash disable=SC2034

# shellcheck source=systemd/program.sh
. "${BASH_SOURCE[0]%/*}/program.sh"
folder=/opt/emotion-assistant
unit_file=/etc/systemd/system/$unit
page_file=/etc/systemd/system/$unit.d/page.conf
sysusers_file=/etc/sysusers.d/emotion-assistant.conf
polkit_file=/etc/polkit-1/rules.d/50-emotion-assistant.rules
command_link=/usr/local/bin/assistant

scratch=$(mktemp -d)
log=$scratch/log
mkdir "$scratch/before"
backwards=()
step_name=
exec 3>&1

say() { printf '%s\n' "$*" >&3; }

# refuse WORDS: end before anything was done, or in the middle of a step.
refuse() {
  reason="$*"
  exit 1
}

# refuse_a_package: what dpkg has put there, or keeps settings of, is dpkg's alone.
refuse_a_package() {
  case $(dpkg-query -W -f '${db:Status-Status}' emotion-assistant 2>/dev/null) in
    '' | not-installed) ;;
    *) refuse "It is here as a Debian package, which apt upgrades and removes; this goes after: sudo apt purge emotion-assistant" ;;
  esac
}

# step NAME COMMAND...: run it; what it prints is shown only if it fails, which ends the script.
step() {
  step_name=$1
  shift
  printf '%-42s' "$step_name ..." >&3
  "$@" >"$log" 2>&1 </dev/null
  printf 'done\n' >&3
  step_name=
}

# back COMMAND...: what undoes the last thing that was done; the last is undone first.
back() { backwards=("$(printf '%q ' "$@")" "${backwards[@]}"); }

# keep PATH: from here on the way back leads to what is there now.
keep() {
  if [ -e "$1" ] || [ -L "$1" ]; then
    cp -a --parents "$1" "$scratch/before"
    back cp -aT --remove-destination "$scratch/before$1" "$1"
  else
    back rm -rf "$1"
  fi
}

# make_folder PATH: with those above it that are missing.
make_folder() {
  [ -d "$1" ] && return
  make_folder "$(dirname "$1")"
  mkdir -m 755 "$1"
  back rmdir --ignore-fail-on-non-empty "$1"
}

# put SOURCE TARGET MODE
put() {
  make_folder "$(dirname "$2")"
  keep "$2"
  install -m "$3" "$1" "$2"
}

# finish: the end of the script, however it came.
finish() {
  code=$?
  trap - EXIT
  trap '' INT TERM HUP
  if [ $code != 0 ]; then
    [ -z "$step_name" ] || say failed
    say "${reason:-$(tail -n 15 "$log" 2>/dev/null)}"
    go_back
  fi
  rm -rf "$scratch"
  exit $((code == 0 || code == 130 ? code : 1))
}

go_back() {
  [ ${#backwards[@]} -gt 0 ] || return 0
  say "Undoing what was done ..."
  for undoing in "${backwards[@]}"; do
    eval "$undoing" >>"$log" 2>&1 || say "could not: $undoing"
  done
  say "The machine is as it was."
}
