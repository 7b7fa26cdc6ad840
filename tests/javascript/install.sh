#!/usr/bin/env bash
# What checks the site's scripts and pages: Node, where this machine has none that is new enough, the
# type checker, html-validate and Lighthouse. What cannot be had is said in one line; the tests that need it are then left out.
set -u
cd "$(dirname "$0")/../.."
new_enough() { command -v "$1" >/dev/null && "$1" -e 'process.exit(process.versions.node.split(".")[0] < 20)'; }
if ! new_enough node; then
  export PATH="$PWD/.venv/bin:$PATH"
  if ! new_enough node; then
    .venv/bin/pip install --quiet --require-hashes -r requirements-node.lock || echo "left out: Node (pip could not install requirements-node.lock)"
  fi
fi
command -v npm >/dev/null || exit 0
npm ci --ignore-scripts --no-audit --no-fund --silent || echo "left out: the checks of types, HTML and Lighthouse (npm could not install them)"
exit 0
