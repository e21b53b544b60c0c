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

# install_program: all that it needs, the page too, from the list for this system; then its wheel, given or built from the
# clone. The wheel stays in the release, so that `assistant install` can install it again.
install_program() {
  local pip=("$release/bin/python" -I -m pip) from=()
  [ -z "$wheels" ] || from=(--no-index --find-links "$wheels")
  "${pip[@]}" install --no-cache-dir "${as_locked[@]}" "${from[@]}" -r "$here/../locked/$(list_for_python)"
  mkdir "$release/wheel"
  if [ -n "$wheel" ]; then
    cp "$wheel" "$release/wheel/"
  else
    copy_the_clone "$here/.." "$scratch/clone"
    "${pip[@]}" wheel --no-cache-dir "${as_program[@]}" --wheel-dir "$release/wheel" "$scratch/clone"
  fi
  "${pip[@]}" install --no-cache-dir "${as_program[@]}" "$release/wheel/"*.whl
}
