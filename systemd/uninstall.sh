#!/bin/bash
# uninstall.sh: takes away what install.sh has put there; the settings stay, unless --purge is given.
# shellcheck disable=SC2317 # the functions are called by `step`
set -euo pipefail
# Whoever calls it, from wherever: none of the caller's programs, modules and folders.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
unset TMPDIR PYTHONPATH PYTHONHOME
here=$(dirname "$(realpath "$0")")
cd /

# In one piece, since the file that it is read from goes too.
main() {
  purge=no
  case ${1:-} in
    '') ;;
    --purge) purge=yes ;;
    -h | --help)
      echo "usage: sudo systemd/uninstall.sh [--purge]"
      echo "Removes emotion-assistant and the Debian packages that only it needed. With --purge its settings too."
      exit
      ;;
    *) echo "$1: no such option; see --help" >&2; exit 2 ;;
  esac
  # shellcheck source=systemd/steps.sh
  . "$here/steps.sh"
  trap finish EXIT
  [ "$(id -u)" = 0 ] || refuse "Only root may uninstall: run it again with sudo in front."
  refuse_a_package
  step "The service" remove_service
  step "Its files" remove_files
  step "Its user" remove_user
  step "Its Debian packages" remove_packages
  step "The program" rm -rf "$folder"
  say "It is gone.$([ "$purge" = yes ] || echo " Its settings are kept in /etc/emotion-assistant and $state.")"
}

remove_service() {
  systemctl disable --now "$unit" || true
  rm -f "$unit_file" "$page_file"
  [ "$purge" = no ] || rm -rf "$(dirname "$page_file")"
  rmdir --ignore-fail-on-non-empty "$(dirname "$page_file")" || true
  systemctl daemon-reload
  systemctl reset-failed "$unit" || true
}

remove_files() {
  rm -rf "$sysusers_file" "$polkit_file" "$cache" /run/emotion-assistant /run/emotion-assistant-install.lock
  rmdir --ignore-fail-on-non-empty "$(dirname "$sysusers_file")" || true
  [ "$(readlink "$command_link")" != "$folder/current/bin/assistant" ] || rm -f "$command_link"
  if [ "$purge" = yes ]; then
    rm -rf "$(dirname "$settings")" "$state"
  elif [ -d "$state" ]; then
    find "$state" -mindepth 1 -maxdepth 1 ! -name '*.toml' -exec rm -rf {} +
    chown -R root:root "$state"
    rmdir --ignore-fail-on-non-empty "$state"
  fi
}

remove_user() { ! id "$user" || userdel "$user"; }

# Those that install.sh brought and nothing else needs by now.
remove_packages() {
  local brought needless
  [ -s "$folder/packages" ] || return 0
  mapfile -t brought < <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' | sed -n 's/ installed$//p' | grep -Fxf "$folder/packages")
  [ ${#brought[@]} -gt 0 ] || return 0
  apt-mark auto "${brought[@]}"
  # What is only recommended was not needed before either.
  mapfile -t needless < <(apt-get -s -o APT::AutoRemove::RecommendsImportant=false \
    -o APT::AutoRemove::SuggestsImportant=false autoremove | sed -n 's/^Remv \([^ ]*\).*/\1/p' | grep -Fxf "$folder/packages")
  [ ${#needless[@]} = 0 ] || DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 purge "${needless[@]}"
}

main "$@"; exit
