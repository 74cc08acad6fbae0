# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the scripts on cases share: the program, a place to work in, and how a
# case becomes the root of a system.

# shellcheck disable=SC2034 # used by those who read this
program=${VFIOTOP:-$(cd "${builddir:-.}" && pwd)/src/vfiotop}
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

command -v jq >/dev/null || {
	echo "SKIP: jq is not installed"
	exit 77
}
[ -x "$program" ] || {
	echo "not ok: there is no program $program"
	exit 1
}

# fresh ROOT: an empty folder, whatever was there.
fresh() {
	chmod -R u+w "$1" 2>/dev/null
	rm -rf "$1"
	mkdir "$1"
}

# unproved ROOT CHECK.json: a line for each piece of evidence whose file is not
# there.  That something is absent, the folder above proves, or its absence.
unproved() {
	local rule source value
	jq -r '.findings[]? | select(.verdict == "fail") | .rule as $rule |
		.evidence[] | select(.source | startswith("/")) |
		[$rule, .source, .value] | @tsv' "$2" |
		while IFS=$'\t' read -r rule source value; do
			case $value in
			'(absent)' | '(no '*) continue ;;
			esac
			[ -L "$1$source" ] ||
				compgen -G "$1$source" >/dev/null ||
				echo "$rule shows $source, which is not there"
		done
}

# unpack CASE ROOT: what was found of it, as files.
unpack() {
	fresh "$2"
	if [ -f "$1/root.tar.gz" ]; then
		tar xzf "$1/root.tar.gz" -C "$2"
	else
		cp -RP "$1/." "$2"
		chmod -R u+w "$2"
	fi
	if [ -f "$1/empty-dirs" ]; then
		(cd "$2" && tr '\n' '\0' <"$1/empty-dirs" |
			xargs -0 -r mkdir -p --)
	fi
}
