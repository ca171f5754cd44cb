# SPDX-License-Identifier: Apache-2.0
# Shared by ./run and ./test: one line a step with its time; the log is shown only when a step fails.

steps_log=$(mktemp "${TMPDIR:-/tmp}/amate-steps.XXXXXX")
trap 'rm -f "$steps_log"' EXIT

# step TITLE COMMAND...: runs it quietly, with a moving clock on a terminal.
step() {
    local title=$1 began=$SECONDS status=0
    shift
    if [[ -t 2 ]]; then
        "$@" >"$steps_log" 2>&1 &
        local worker=$!
        trap 'kill "$worker" 2>/dev/null; wait "$worker" 2>/dev/null; exit 130' INT TERM
        while kill -0 "$worker" 2>/dev/null; do
            ((SECONDS - began < 2)) ||
                printf '\r\033[K%s ... %s s  %.60s' "$title" $((SECONDS - began)) \
                    "$(tail -n 1 "$steps_log" | tr -d '\r' | tr '\033' ' ')" >&2
            sleep 0.2
        done
        wait "$worker" || status=$?
        trap - INT TERM
        printf '\r\033[K' >&2
    else
        echo "$title ..." >&2
        "$@" >"$steps_log" 2>&1 || status=$?
    fi
    if ((status)); then
        echo "$title: failed" >&2
        tail -n 60 "$steps_log" >&2
        exit "$status"
    fi
    echo "$title: done in $((SECONDS - began)) s" >&2
}
