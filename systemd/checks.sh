# Read by install.sh: what the machine must be and have; each check refuses in words.
# shellcheck shell=bash disable=SC2154

needed_mb=900

check_platform() {
  [ "$(id -u)" = 0 ] || refuse "Only root may install: run it again with sudo in front."
  [ -d /run/systemd/system ] || refuse "systemd does not run this machine, and the headset is one of its services."
  case $(dpkg --print-architecture) in
    arm64 | amd64) ;;
    *) refuse "This system is for 32 bits, and there is no interpreter for it: flash the 64-bit Raspberry Pi OS." ;;
  esac
  check_release
  check_python
  check_disk
}

check_release() {
  local id version name
  id=$(sed -n 's/^ID=//p' /etc/os-release)
  version=$(sed -n 's/^VERSION_ID="\?\([0-9]*\).*/\1/p' /etc/os-release)
  name=$(sed -n 's/^PRETTY_NAME="\?\([^"]*\).*/\1/p' /etc/os-release)
  case $id:$version in
    debian:12 | debian:13) ;;
    *) refuse "This is ${name:-an unknown system}; needed is Raspberry Pi OS or Debian, release 12 or 13." ;;
  esac
}

check_python() {
  /usr/bin/python3 -I -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null ||
    refuse "Python 3.11 to 3.13 is needed as /usr/bin/python3: sudo apt install python3"
}

check_disk() {
  local free_mb
  free_mb=$(df --output=avail -BM "$(existing "$folder")" | tail -n 1 | tr -dc 0-9)
  [ "$free_mb" -ge $needed_mb ] || refuse "The disk has $free_mb MB free, and $needed_mb MB are needed."
}

existing() { if [ -e "$1" ]; then echo "$1"; else existing "$(dirname "$1")"; fi; }

check_network() {
  /usr/bin/python3 -I - <<'PYTHON' 2>/dev/null || refuse "https://pypi.org does not answer: is there a network, is the clock right?"
import urllib.request
urllib.request.urlopen("https://pypi.org/simple/pip/", timeout=20).close()
PYTHON
}
