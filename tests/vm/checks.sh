# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# How the scripts of tests/vm judge: one line per check, and the facts that a
# guest left (lines of address class vendor device group driver override).
# Sourced, never run; the caller sets where (whose check it is) and out (the
# folder the guest left), and reads passed and failed.

# shellcheck disable=SC2154

passed=0
failed=0

# --- one line per check -----------------------------------------------------

ok() {
	passed=$((passed + 1))
	printf 'ok - %s: %s\n' "$where" "$1"
}

not_ok() {
	failed=$((failed + 1))
	printf 'not ok - %s: %s (%s)\n' "$where" "$1" "${2:-no reason given}"
}

# The first words of a text as one line, for a reason.
short() {
	tr -s ' \t\r\n' ' ' | cut -c 1-240
}

# Check $1: text $2 is what was expected, $3.
same() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "expected $(short <<<"$3"), found $(short <<<"$2")"
	fi
}

# Check $1: file $2 is the same as $3, which is right.
same_file() {
	local why

	if why=$(diff "$3" "$2" 2>&1); then
		ok "$1"
	else
		not_ok "$1" "$(grep -v '^[0-9]' <<<"$why" | short)"
	fi
}

# Check $1: status file $2 says one of the numbers that follow.
status_in() {
	local title=$1 file=$2 status want

	shift 2
	status=$(cat "$out/$file.status" 2>/dev/null || echo none)
	for want; do
		if [ "$status" = "$want" ]; then
			ok "$title"
			return
		fi
	done
	not_ok "$title" "status $status: $(short <"$out/$file.err")"
}

# --- facts ------------------------------------------------------------------

# Column $3 (3 vendor, 5 group, 6 driver, 7 override…) of device $2 in $1.facts.
fact() {
	awk -v device="$2" -v column="$3" \
		'$1 == device { print $column }' "$out/$1.facts"
}

# Where a child of the writer waits, as the program is to say it.
stuck_words() {
	printf 'process %s waits in the kernel (%s, state %s' \
		"$(cat "$out/stuck.pid")" "$(cat "$out/stuck.wchan")" \
		"$(cat "$out/stuck.state")"
}

# Address and driver of the given devices in $1.facts, one per line.
drivers() {
	local facts=$1 address

	shift
	for address; do
		printf '%s %s\n' "$address" "$(fact "$facts" "$address" 6)"
	done
}

# The endpoints of the group of device $2 in $1.facts.
group_endpoints() {
	awk -v group="$(fact "$1" "$2" 5)" \
		'$5 == group && $2 !~ /^0x0604/ { print $1 }' "$out/$1.facts"
}
