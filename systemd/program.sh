# Read by install.sh, uninstall.sh, script/setup, script/build-deb and the Debian package: what they do alike, and its names.
# shellcheck shell=bash disable=SC2034,SC2119,SC2120

user=emotion-assistant
unit=emotion-assistant.service
settings=/etc/emotion-assistant/settings.toml
state=/var/lib/emotion-assistant
cache=/var/cache/emotion-assistant

# copy_the_clone CLONE TARGET: pip writes beside what it builds, and the clone is the person's.
copy_the_clone() {
  mkdir "$2"
  (cd "$1" && cp -r assistant locked models quantize systemd LICENSE README.md pyproject.toml setup.cfg "$2")
}

# list_for_python [PYTHON]: the list below locked/ of what is installed for this one; without it, for the system's.
list_for_python() {
  case $("${1:-/usr/bin/python3}" -I -c 'import sys; print(sys.version_info.minor)') in
    11) echo raspberry-pi-os-12.txt ;;
    12 | 13) echo raspberry-pi-os-13.txt ;;
  esac
}

# How pip installs a list: files whose hashes it names. The lists are whole, and what a package says of the versions of others
# counts no more, see lists.toml.
as_locked=(--disable-pip-version-check --no-deps --require-hashes)
# And how the program itself, with the setuptools of the list.
as_program=(--disable-pip-version-check --no-deps --no-index --no-build-isolation)

# with_known_groups FILE: its lines for sysusers.d, but for groups that this machine does not have, and that would be made.
with_known_groups() {
  local kind name group
  while read -r kind name group; do
    [ "$kind" = m ] && ! getent group "$group" >/dev/null || echo "$kind $name $group"
  done <"$1"
}

# the_assistant ENVIRONMENT ARGUMENTS...: as the service runs it, but for its walls; no module of the caller's is taken.
the_assistant() {
  local python=$1/bin/python program=$1/bin/assistant
  shift
  runuser -u "$user" -- env -C "$state" HOME="$state" CACHE_DIRECTORY="$cache" STATE_DIRECTORY="$state" \
    "$python" -I "$program" "$@"
}

# render_phrases ENVIRONMENT
render_phrases() {
  if the_assistant "$1" voices --help | grep -q -- --render; then
    the_assistant "$1" voices --render --config "$settings"
  fi
}

# try_each_part ENVIRONMENT: what its doctor finds.
try_each_part() { the_assistant "$1" doctor --config "$settings"; }

# failing ENVIRONMENT FINDINGS: the parts that its doctor finds fault with; its words go into the file FINDINGS.
failing() {
  local code=0
  try_each_part "$1" >"$2" || code=$?
  [ $code -le 1 ] || echo settings
  sed -n 's/^FAIL \([a-z]*\):.*/\1/p' "$2"
}

# What a machine may lack, or a person may have set wrongly: no version is to blame for it.
may_be_missing='camera sound board card button'
