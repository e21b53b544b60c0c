# Read by build-deb and build-image: Debian trees, and the emulator that runs programs for arm64 on another processor.
# shellcheck shell=bash

kept=${BUILD_FOLDER:-/var/tmp/emotion-assistant-build}
script=$(basename "$0")

# cannot WORDS: ends the script with one line.
cannot() {
  echo "$script: $*" >&2
  exit 2
}

# refuse_file FOLDER: ends the script if this is a file. A pattern may find two packages; the second is no folder to write to.
refuse_file() { [ ! -f "$1" ] || cannot "$1: this is a file, and a folder is needed; of several packages, name one"; }

# refuse_without COMMAND=PACKAGE...: ends the script if a command is not there, and names the Debian packages that have them.
refuse_without() {
  local each packages=()
  for each in "$@"; do command -v "${each%%=*}" >/dev/null || packages+=("${each#*=}"); done
  [ ${#packages[@]} = 0 ] || cannot "not installed: ${packages[*]}: sudo apt install ${packages[*]}"
}

# apart ARGUMENTS...: starts the script again, as root, in a mount namespace of its own: no mount of it is left behind.
apart() {
  [ "$(id -u)" = 0 ] || cannot "only root can make a Debian tree: run it again with sudo in front"
  [ -n "${EMOTION_ASSISTANT_APART:-}" ] || EMOTION_ASSISTANT_APART=1 exec unshare --mount --propagation private "$(realpath "$0")" "$@"
  mkdir -p "$kept" || cannot "the folder $kept cannot be made: set BUILD_FOLDER to another"
  [ -O "$kept" ] || cannot "the folder $kept does not belong to root: set BUILD_FOLDER to another"
  exec {building}>"$kept/lock"
  flock -n "$building" || cannot "another script builds in $kept: wait for it, or set BUILD_FOLDER to another"
}

# emulate_arm64: lets the kernel run programs for arm64 from here on. Debian 12's emulator (7.2) crashes, and computed wrongly
# (measured with the int8 network), so Debian 13's is taken.
emulate_arm64() {
  [ "$(uname -m)" != aarch64 ] || return 0
  [ "$(uname -m)" = x86_64 ] || cannot "packages for arm64 can be built on x86-64 and arm64, and this is $(uname -m)"
  local emulator=$kept/qemu-aarch64 kernel=/proc/sys/fs/binfmt_misc
  if [ ! -x "$emulator" ]; then
    rm -rf --one-file-system "$kept/emulator"
    mmdebstrap --quiet --mode=root --variant=extract --include=qemu-user trixie "$kept/emulator" ||
      cannot "Debian 13's emulator could not be downloaded: is deb.debian.org reachable?"
    mv "$kept/emulator/usr/bin/qemu-aarch64" "$emulator"
    rm -rf --one-file-system "$kept/emulator"
  fi
  [ -e $kernel/register ] || mount -t binfmt_misc binfmt_misc $kernel || cannot "the kernel cannot start an emulator without binfmt_misc: modprobe binfmt_misc"
  handler=$kernel/qemu-aarch64
  [ ! -e $handler ] || handler=$kernel/emotion-assistant-$$ # another script's, or one that was left
  # The beginning of each 64-bit little-endian ELF program for machine 183. F: the emulator is opened now, so that it is found
  # in each tree (https://docs.kernel.org/admin-guide/binfmt-misc.html).
  local magic='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
  local mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
  printf '%s' ":${handler##*/}:M::$magic:$mask:$emulator:F" >$kernel/register
}

# stop_emulating: what emulate_arm64 told the kernel is taken back.
stop_emulating() { [ -z "${handler:-}" ] || echo -1 >"$handler"; }

# name_of RELEASE: Debian's name of a release.
name_of() {
  case $1 in
    12) echo bookworm ;;
    13) echo trixie ;;
    *) cannot "release $1: only 12 and 13 are known" ;;
  esac
}

# make_tree TREE RELEASE ARCHITECTURES PACKAGES...: a Debian tree, made once; a kept one is taken if it was made of the same.
make_tree() {
  local tree=$1 release=$2 architectures=$3 wanted=${*:2}
  shift 3
  [ "$(cat "$tree.made" 2>/dev/null)" != "$wanted" ] || return 0
  rm -rf --one-file-system "$tree" "$tree.made"
  mmdebstrap --quiet --mode=root --architectures="$architectures" --variant=apt --include="$(IFS=,; echo "$*")" \
    "$release" "$tree" || cannot "the Debian tree could not be made: mmdebstrap's reasons are above"
  echo "$wanted" >"$tree.made"
}

# in_tree TREE COMMAND...: runs a command in a tree, as root. What is mounted there is of this script's namespace only.
in_tree() {
  local tree=$1 certificates=/etc/ssl/certs/ca-certificates.crt
  shift
  if ! mountpoint -q "$tree/proc"; then
    mount -t proc proc "$tree/proc"
    mount --rbind /dev "$tree/dev"
    mount -t tmpfs tmpfs "$tree/tmp"
    [ ! -e "$tree$certificates" ] || mount --bind "$certificates" "$tree$certificates"
    rm -f "$tree/etc/resolv.conf"
    cp -L /etc/resolv.conf "$tree/etc/resolv.conf"
  fi
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    PIP_CERT=$certificates PIP_ROOT_USER_ACTION=ignore ${http_proxy:+"http_proxy=$http_proxy"} \
    ${https_proxy:+"https_proxy=$https_proxy"} ${PIP_INDEX_URL:+"PIP_INDEX_URL=$PIP_INDEX_URL"} chroot "$tree" "$@"
}

# leave_tree TREE: takes the mounts of in_tree away.
leave_tree() {
  local each
  for each in proc dev tmp etc/ssl/certs/ca-certificates.crt; do
    ! mountpoint -q "$1/$each" || umount -R "$1/$each"
  done
}
