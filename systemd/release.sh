# Read by install.sh: a release and the environment that it is.
# shellcheck shell=bash disable=SC2034,SC2154

# number_release: one more than the highest that there is.
number_release() {
  local last=0 each
  for each in "$folder"/releases/*/; do
    each=$(basename "$each")
    [[ $each =~ ^[0-9]+$ && $each -gt $last ]] && last=$each
  done
  release=$folder/releases/$((last + 1))
  old=$(readlink "$folder/current" || true)
}

make_environment() {
  make_folder "$folder/releases"
  back rm -rf "$release"
  /usr/bin/python3 -I -m venv --system-site-packages "$release"
}

# install_program: all that it needs, the page too, from the list for this system; then the wheel, or the clone.
install_program() {
  local pip=("$release/bin/python" -I -m pip install --no-cache-dir) source=$wheel from=()
  [ -z "$wheels" ] || from=(--no-index --find-links "$wheels")
  "${pip[@]}" "${as_locked[@]}" "${from[@]}" -r "$here/../locked/$(list_for_python)"
  if [ -z "$source" ]; then
    copy_the_clone "$here/.." "$scratch/clone"
    source=$scratch/clone
  fi
  "${pip[@]}" "${as_program[@]}" "$source"
}
