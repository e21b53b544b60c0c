# Read by install.sh, uninstall.sh, script/setup, script/build-deb and the Debian package: what they do alike, and its names.
# shellcheck shell=bash disable=SC2034

user=emotion-assistant
unit=emotion-assistant.service
settings=/etc/emotion-assistant/settings.toml
state=/var/lib/emotion-assistant
cache=/var/cache/emotion-assistant

# copy_the_clone CLONE TARGET: pip writes beside what it builds, and the clone is the person's.
copy_the_clone() {
  mkdir "$2"
  (cd "$1" && cp -r assistant constraints models quantize systemd LICENSE README.md pyproject.toml setup.cfg "$2")
}

# constraints_for_python [PYTHON]: the name of the file with what goes together under this one, if there is one; without
# it, the system's.
constraints_for_python() {
  case $("${1:-/usr/bin/python3}" -c 'import sys; print(sys.version_info.minor)') in
    11) echo raspberry-pi-os-12.txt ;;
    13) echo raspberry-pi-os-13.txt ;;
  esac
}

# with_known_groups FILE: its lines for sysusers.d, but for groups that this machine does not have, and that would be made.
with_known_groups() {
  local kind name group
  while read -r kind name group; do
    [ "$kind" = m ] && ! getent group "$group" >/dev/null || echo "$kind $name $group"
  done <"$1"
}

# as_user COMMAND...: as the service runs it, but for its walls.
as_user() {
  runuser -u "$user" -- env -C "$state" HOME="$state" CACHE_DIRECTORY="$cache" STATE_DIRECTORY="$state" "$@"
}

# render_phrases ENVIRONMENT
render_phrases() {
  if "$1/bin/assistant" voices --help | grep -q -- --render; then
    as_user "$1/bin/assistant" voices --render --config "$settings"
  fi
}

# try_each_part ENVIRONMENT: what its doctor finds.
try_each_part() { as_user "$1/bin/assistant" doctor --config "$settings"; }
