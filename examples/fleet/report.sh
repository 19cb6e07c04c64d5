#!/usr/bin/env bash
# Reports on the fleet of cdktf.json, and publishes the report. Any scheduler can call it, in the folder of that file.
#
#   REPORT_DIR   where the page fleet.html and the evidence fleet.json are published
#   METRICS_DIR  where node_exporter's textfile collector finds fleet.prom; default: REPORT_DIR
#
# Each file takes the place of the old one at once. Ends with the code of the report: 3 if a database misses its
# objective, 4 or 5 if a state is not known. The report is published all the same. Prints how many are in each state.
set -euo pipefail

: "${REPORT_DIR:?must be the folder in which the report is published}"
METRICS_DIR="${METRICS_DIR:-$REPORT_DIR}"
# A fleet takes longer than the 30 seconds of a single lookup.
export RDS_DR_DEADLINE_SECONDS="${RDS_DR_DEADLINE_SECONDS:-900}"

setting() {
  node --print 'require("./cdktf.json").context[process.argv[1]]' "$1"
}

evidence="$REPORT_DIR/.fleet.json.$$"
trap 'rm -f "$evidence"' EXIT

code=0
npx --no -- rds-dr report \
  --region-id "$(setting regionId)" --tag "$(setting tag)" --all \
  --restore-region "$(setting restoreRegion)" --max-age-hours "$(setting maxAgeHours)" \
  --html "$REPORT_DIR/fleet.html" --prometheus "$METRICS_DIR/fleet.prom" --json >"$evidence" || code=$?

case "$code" in
  0 | 3 | 4 | 5)
    node --print 'JSON.stringify(JSON.parse(fs.readFileSync(process.argv[1])).summary)' "$evidence"
    mv "$evidence" "$REPORT_DIR/fleet.json"
    ;;
esac
exit "$code"
