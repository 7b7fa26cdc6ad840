#!/usr/bin/env bash
# Chromium and Chinese fonts for the browser tests, through apt where this machine lets us.
# Whatever cannot be had is said in one line; the tests that need it are then left out, and say so.
set -u
need=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || need+=(chromium)
fc-list 2>/dev/null | grep -qiE 'noto ?sans ?(mono )?cjk|source han|pingfang|yahei' || need+=(fonts-noto-cjk)
[ ${#need[@]} -eq 0 ] && exit 0
if ! command -v apt-get >/dev/null; then
  echo "left out: ${need[*]} (no apt-get here; install them by hand for the browser tests)"
  exit 0
fi
run=()
if [ "$(id -u)" -ne 0 ]; then
  if sudo -n true 2>/dev/null; then run=(sudo -n); else
    echo "left out: ${need[*]} (not root, and sudo asks for a password; sudo apt-get install ${need[*]})"
    exit 0
  fi
fi
echo "installing ${need[*]} with apt-get"
"${run[@]}" apt-get update -qq >/dev/null 2>&1
if ! DEBIAN_FRONTEND=noninteractive "${run[@]}" apt-get install -y -qq --no-install-recommends "${need[@]}" fontconfig >/dev/null 2>&1; then
  echo "left out: ${need[*]} (apt-get could not install them)"
fi
exit 0
