#!/bin/bash
# install.sh: installs the headset, or upgrades it, as a service that starts with the power. See docs/install.md.
set -euo pipefail
umask 022
# Whoever calls it, from wherever: none of the caller's programs, modules and folders.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
unset TMPDIR PYTHONPATH PYTHONHOME
here=$(dirname "$(realpath "$0")")

usage() {
  cat <<'TEXT'
usage: sudo systemd/install.sh [--wheel FILE] [--wheels FOLDER] [--page | --no-page]

Installs emotion-assistant from this clone, or upgrades it; the settings are kept. A step that fails is undone with all
before it.

  --wheel FILE      install this wheel, not the clone
  --wheels FOLDER   take what it needs from this folder of wheels; without a network
  --page            let the service use the network, for the helper's page
  --no-page         close it again
TEXT
}

wheel='' wheels='' page=''
while [ $# -gt 0 ]; do
  case $1 in
    --wheel | --wheels)
      if [ ! -e "${2:-}" ]; then echo "$1 ${2:-}: a file or folder that is there is needed" >&2; exit 2; fi
      if [ "$1" = --wheel ]; then wheel=$(realpath "$2"); else wheels=$(realpath "$2"); fi
      shift
      ;;
    --page | --no-page) page=$1 ;;
    -h | --help) usage; exit ;;
    *) echo "$1: no such option; see --help" >&2; exit 2 ;;
  esac
  shift
done
cd /

# shellcheck source=systemd/steps.sh
. "$here/steps.sh"
# shellcheck source=systemd/checks.sh
. "$here/checks.sh"
# shellcheck source=systemd/release.sh
. "$here/release.sh"
trap finish EXIT
trap 'exit 130' INT TERM HUP

packages=(python3-venv espeak-ng libespeak-ng1 alsa-utils polkitd)
where_there_are=(python3-picamera2 python3-lgpio python3-evdev)

apt() { DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 "$@"; }
installed() { dpkg-query -W -f '${Package} ${db:Status-Status}\n' | sed -n 's/ installed$//p' | sort -u; }
is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

install_packages() {
  local before missing=() package
  before=$(installed)
  apt update || true # without a network: what is missing is told below
  for package in "${where_there_are[@]}"; do
    [ -z "$(apt-cache madison "$package")" ] || packages+=("$package")
  done
  for package in "${packages[@]}"; do is_installed "$package" || missing+=("$package"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  back remove_packages "$before"
  apt install --no-install-recommends "${missing[@]}"
  comm -13 <(echo "$before") <(installed) >"$scratch/packages"
}

# remove_packages BEFORE: those that were not installed before.
remove_packages() {
  local brought
  mapfile -t brought < <(comm -13 <(echo "$1") <(installed))
  [ ${#brought[@]} = 0 ] || apt purge "${brought[@]}"
}

make_user() {
  with_known_groups "$here/sysusers.conf" >"$scratch/sysusers.conf"
  id "$user" || back userdel "$user"
  put "$scratch/sysusers.conf" "$sysusers_file" 644
  systemd-sysusers "$sysusers_file"
  for_the_user "$state"
  for_the_user "$cache"
}

for_the_user() {
  [ -d "$1" ] || back rm -rf "$1"
  install -d -o "$user" -g "$user" -m 700 "$1"
}

write_settings() {
  [ -e "$settings" ] || put "$here/settings.toml" "$settings" 644
}

put_service() {
  put "$here/last-words" "$folder/last-words" 755
  put "$here/polkit.rules" "$polkit_file" 644
  put "$here/$unit" "$unit_file" 644
  case $page in
    --page) put "$here/page.conf" "$page_file" 644 ;;
    --no-page) keep "$page_file" && rm -f "$page_file" ;;
  esac
  if [ ! -e "$command_link" ] || [ "$(readlink "$command_link")" = "$folder/current/bin/assistant" ]; then
    keep "$command_link"
    ln -sfn "$folder/current/bin/assistant" "$command_link"
  fi
}

# try_parts: what the new release finds fault with must be the machine's own: a camera, a sound device, a sound board or a
# button that is not there yet, wrong settings on the card; or what the old one found fault with too.
try_parts() {
  systemctl stop "$unit" || true
  local part found allowed=$may_be_missing
  found=$(failing "$release" "$scratch/notes")
  if [ -n "$found" ] && [ -n "$old" ]; then allowed=$(failing "$old" "$scratch/findings"); fi
  for part in $found; do
    grep -qw "$part" <<<"$allowed" || { cat "$scratch/notes"; return 1; }
  done
}

# take_up: the service runs this release from now on.
take_up() {
  keep "$folder/current"
  ln -sfn "$release" "$folder/.current"
  mv -T "$folder/.current" "$folder/current"
  back systemctl stop "$unit"
  systemctl daemon-reload
  systemctl enable "$unit"
  systemctl restart "$unit" || { journalctl -u "$unit" -n 10 --no-pager -o cat; return 1; }
}

# as_it_was: the last thing on the way back.
as_it_was() {
  systemctl daemon-reload
  if [ "$1" = enabled ]; then systemctl enable "$unit"; else rm -f "/etc/systemd/system/multi-user.target.wants/$unit"; fi
  case $2 in
    active | activating) systemctl restart "$unit" ;;
    *) systemctl stop "$unit" || true ;;
  esac
}

clear_away() {
  local each
  for each in "$folder"/releases/*; do
    [ "$each" = "$release" ] || rm -rf "$each"
  done
  if [ -s "$scratch/packages" ]; then sort -u "$scratch/packages" >>"$folder/packages"; fi
}

step "The machine" check_platform
exec 9>/run/emotion-assistant-install.lock
flock -n 9 || refuse "Another installation is running."
refuse_a_package
[ -n "$wheel" ] || [ -e "$here/../setup.cfg" ] || refuse "There is neither a clone nor a wheel to install: give --wheel FILE."
step "The release" number_release
[ -n "$wheels" ] || step "The network" check_network
back as_it_was "$(systemctl is-enabled $unit 2>/dev/null)" "$(systemctl is-active $unit)"
step "Debian packages" install_packages
step "Environment $release" make_environment
step "The program" install_program
step "Its user and groups" make_user
step "Settings $settings" write_settings
step "The phrases" render_phrases "$release"
step "The service's files" put_service
step "Its parts" try_parts
grep '^FAIL' "$scratch/notes" >&3 || true
step "Start" take_up
step "Clearing away" clear_away
say "It runs, and starts with the power. To see how it is: systemctl status emotion-assistant"
