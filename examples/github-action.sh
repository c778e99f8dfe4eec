#!/usr/bin/env bash
# The step of the GitHub Action: annotations in the log, Markdown in the step summary, SARIF in a file,
# the number of findings as an output, and the audit's own exit code.
set -uo pipefail

read -ra command <<<"${AUDIT_COMMAND:-etcd-tls-audit}"
read -ra paths <<<"${AUDIT_PATHS:-.}"
read -ra arguments <<<"${AUDIT_ARGUMENTS:-}"

reports=(--report github --report "json=${RUNNER_TEMP:-/tmp}/etcd-tls-audit.json")
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || reports+=(--report "markdown=${RUNNER_TEMP:-/tmp}/etcd-tls-audit.md")
[ -z "${AUDIT_SARIF:-}" ] || reports+=(--report "sarif=$AUDIT_SARIF")

"${command[@]}" check "${paths[@]}" --fail-on "${AUDIT_FAIL_ON:-high}" "${reports[@]}" "${arguments[@]}"
code=$?

if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -f "${RUNNER_TEMP:-/tmp}/etcd-tls-audit.md" ]; then
  cat "${RUNNER_TEMP:-/tmp}/etcd-tls-audit.md" >>"$GITHUB_STEP_SUMMARY"
fi
if [ -n "${GITHUB_OUTPUT:-}" ] && [ -f "${RUNNER_TEMP:-/tmp}/etcd-tls-audit.json" ]; then
  node -e '
    const [file, failOn] = process.argv.slice(1);
    const order = ["critical", "high", "medium", "low", "info"];
    const { results } = JSON.parse(fs.readFileSync(file, "utf8"));
    const count = results.filter(({ severity, verdict, waived, known }) =>
      verdict.status === "fail" && !waived && !known && order.indexOf(severity) <= order.indexOf(failOn)).length;
    console.log(`findings=${count}`);
  ' "${RUNNER_TEMP:-/tmp}/etcd-tls-audit.json" "${AUDIT_FAIL_ON:-high}" >>"$GITHUB_OUTPUT"
fi
exit "$code"
