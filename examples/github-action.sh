#!/usr/bin/env bash
# The step of the GitHub Action: annotations in the log, Markdown in the step summary, SARIF in a file,
# the number of findings as an output, and the audit's own exit code.
#
# Inputs come as variables and reach the command as they are: a line is a path or an argument, whatever
# blanks, quotes or dashes are in it. Nothing is split, expanded or taken for an option by chance.
set -uo pipefail

lines() { # lines NAME TEXT: sets the array NAME to the lines of TEXT that are not blank
  local -n into=$1
  local line
  into=()
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line%$'\r'}
    [ -z "${line//[[:space:]]/}" ] || into+=("$line")
  done <<<"$2"
}

command=(etcd-tls-audit check)
# On GitHub it is built from the checkout of this Action, not taken from the npm registry, where the package is not published yet.
[ -z "${GITHUB_ACTION_PATH:-}" ] || command=(bash "$GITHUB_ACTION_PATH/examples/pre-commit-hook.sh")
lines paths "${AUDIT_PATHS:-.}"
lines arguments "${AUDIT_ARGUMENTS:-}"

# A directory of this run alone: what an earlier step of the job found is not what this one finds.
results=$(mktemp -d "${RUNNER_TEMP:-/tmp}/etcd-tls-audit.XXXXXXXX") || exit 2
trap 'rm -rf -- "$results"' EXIT
if [ -n "${AUDIT_SARIF:-}" ] && [ -f "$AUDIT_SARIF" ] && [ ! -L "$AUDIT_SARIF" ]; then
  rm -f -- "$AUDIT_SARIF" || exit 2
fi

reports=(--report github --report "json=$results/report.json")
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || reports+=(--report "markdown=$results/report.md")
[ -z "${AUDIT_SARIF:-}" ] || reports+=(--report "sarif=$AUDIT_SARIF")

"${command[@]}" "--fail-on=${AUDIT_FAIL_ON:-high}" "${reports[@]}" "${arguments[@]}" -- "${paths[@]}"
code=$?

if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -f "$results/report.md" ]; then
  cat -- "$results/report.md" >>"$GITHUB_STEP_SUMMARY"
fi
if [ -n "${GITHUB_OUTPUT:-}" ] && [ -f "$results/report.json" ]; then
  node -e '
    const [file, failOn] = process.argv.slice(1);
    const order = ["critical", "high", "medium", "low", "info"];
    const { results } = JSON.parse(fs.readFileSync(file, "utf8"));
    const count = results.filter(({ severity, verdict, waived, known }) =>
      verdict.status === "fail" && !waived && !known && order.indexOf(severity) <= order.indexOf(failOn)).length;
    console.log(`findings=${count}`);
  ' "$results/report.json" "${AUDIT_FAIL_ON:-high}" >>"$GITHUB_OUTPUT"
fi
exit "$code"
