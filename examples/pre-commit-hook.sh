#!/usr/bin/env bash
# What pre-commit and the GitHub Action run, from their own clone of this repository. The clone has sources only, and npm 11 runs no
# build of a package that comes from git: so the first run builds it, by the versions in package-lock.json.
set -euo pipefail

clone=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
main=$clone/.cache/hook/cli/main.js

build() {
  cd -- "$clone"
  [ -f "$main" ] && return
  npm ci --ignore-scripts --no-audit --no-fund --silent >&2
  npx tsc -p . --outDir .cache/hook.new >&2
  npx tsx tools/bundle.ts .cache/hook.new >&2
  mv -- .cache/hook.new .cache/hook
}

if [ ! -f "$main" ]; then
  mkdir -p -- "$clone/.cache"
  # Two hooks may start at once; the second waits and finds it done.
  exec 9>"$clone/.cache/hook.lock"
  if command -v flock >/dev/null; then flock 9; fi
  (build)
fi
exec node "$main" check "$@"
