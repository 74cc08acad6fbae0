# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# How a script of tests/vm plays the explorer in a guest: tmux of a fixed size
# around the guest's serial terminal, keys in, screens out.  Sourced, never
# run; it reads the script's own options.
#
# A step is a word and its argument:
#   wait REGEX      until the screen shows it (grep -E), for at most $patience s
#   gone REGEX      until the screen shows it no more
#   pace REGEX      the same as wait; how long it took is how quick this host is
#   soon REGEX      the same, but within a second, or where the host is slow in
#                   four times the pace: the explorer is alive
#   keys KEY...     names as tmux has them: 4 / Enter Escape Tab Down C-l
#   type TEXT       letter by letter
#   confirm         whichever the screen asks for: y, or y and a word to be typed
#                   ($ask_word, its first group is the word) and Enter

# shellcheck disable=SC2154 # of lib.sh and checks.sh

columns=100
rows=30
terminal=tmux-256color
patience=60
asks='y (does it|finishes it|asks for the word)'
ask_word='y asks for the word ([^ ]+) and'

synopsis='[--kernel NAME] [--overlay CPIO] [--keep DIR] BUILD_DIR
  --kernel NAME   debian12 (the default), backports or newest
  --overlay CPIO  made by overlay; else it is made from BUILD_DIR
  --keep DIR      keep what the guest left'
kernel=debian12
overlay=
keep=
build=
while [ $# -gt 0 ]; do
	case $1 in
	--kernel) kernel=${2:?}; shift ;;
	--overlay) overlay=${2:?}; shift ;;
	--keep) keep=${2:?}; shift ;;
	-*) usage "$synopsis" ;;
	*) build=$1 ;;
	esac
	shift
done
[ -n "$build" ] || usage "$synopsis"
need tmux

part=$(mktemp -d)
# A server of our own, that no other tmux of the host knows.
tmux_() {
	tmux -u -S "$part/tmux" -f "$part/tmux.conf" "$@"
}
trap 'tmux_ kill-server 2>/dev/null; rm -rf "$part"' EXIT

# Everything has its own title, so that a hang tells where.
title=
where=$kernel/${0##*/}
out=${keep:-$part/out}
mkdir -p "$out"
if [ -z "$overlay" ]; then
	overlay=$part/overlay.cpio
	"$vm/overlay" "$build" "$overlay"
fi
"$vm/fetch" "$kernel" >/dev/null
cat >"$part/tmux.conf" <<-END
	set -g status off
	set -g escape-time 0
	set -g default-terminal $terminal
	set -g remain-on-exit on
END

screen() {
	tmux_ capture-pane -p
}

# Give up: say why, show the screen.
give_up() {
	not_ok "$1" "$2"
	printf '%s\n' "$(screen)" | sed 's/^/  | /'
	exit 1
}

# The screen as one line as well: a sentence may be broken anywhere.
shows() {
	local lines

	lines=$(screen)
	grep -qE -e "$1" <<<"$lines" ||
		tr -s '│ \n' ' ' <<<"$lines" | grep -qE -e "$1"
}

is_over() {
	[ "$(tmux_ list-panes -F '#{pane_dead}')" = 1 ]
}

# Wait until the screen shows $1, at most $2 seconds; with a third argument,
# until it does not.
wait_for() {
	local end=$((SECONDS + $2))

	until if [ $# = 2 ]; then shows "$1"; else ! shows "$1"; fi; do
		[ $SECONDS -lt $end ] || return 1
		! is_over || return 1
		sleep 0.2
	done
}

# Wait until the screen shows $1; took is how many microseconds that was.
clock() {
	local began=${EPOCHREALTIME/./}

	until shows "$1"; do
		took=$((${EPOCHREALTIME/./} - began))
		[ $took -lt $((patience * 1000000)) ] ||
			give_up "$title" "no \"$1\" on the screen"
	done
	took=$((${EPOCHREALTIME/./} - began))
}

slowest=0
pace() {
	clock "$1"
	slowest=$((took > slowest ? took : slowest))
}

soon() {
	local most=$((slowest > 250000 ? 4 * slowest : 1000000))

	clock "$1"
	[ $took -lt $most ] ||
		give_up "$title" "\"$1\" came after $((took / 1000)) ms only"
	printf '# %s: answered after %s ms\n' "$where" $((took / 1000))
}

confirm() {
	local word

	wait_for "$asks" $patience ||
		give_up "$title" 'it does not ask for a confirmation'
	word=$(screen | sed -nE "s/.*$ask_word.*/\\1/p" | head -n 1)
	tmux_ send-keys y
	if [ -n "$word" ]; then
		tmux_ send-keys -l "$word"
		tmux_ send-keys Enter
	fi
}

play() {
	local step keys

	for step; do
		case $step in
		'wait '*)
			wait_for "${step#* }" $patience ||
				give_up "$title" "no \"${step#* }\" on the screen"
			;;
		'gone '*)
			wait_for "${step#* }" $patience gone ||
				give_up "$title" "still \"${step#* }\" on the screen"
			;;
		'pace '*) pace "${step#* }" ;;
		'soon '*) soon "${step#* }" ;;
		'keys '*)
			read -ra keys <<<"${step#* }"
			tmux_ send-keys "${keys[@]}"
			;;
		'type '*) tmux_ send-keys -l "${step#* }" ;;
		confirm) confirm ;;
		*) die "no such step: $step" ;;
		esac
	done
}

# Boot scenario $1 with guest/$2 on the screen; what follows is for boot.
boot_on_screen() {
	local scenario=$1 script=$2

	shift 2
	tmux_ new-session -d -x $columns -y $rows \
		"$vm/boot" -i -t 900 -o "$overlay" -v "ROWS=$rows" \
		-v "COLS=$columns" -v "TERMINAL=$terminal" "$@" "$kernel" \
		"$scenario" "$vm/guest/$script" "$out"
}

# Wait for the guest's word $1, at most $2 seconds, and let it go on.
gate() {
	wait_for "@@vm@@ $1" "$2" || give_up "$title" "the guest never said \"$1\""
	tmux_ send-keys Enter
}

# Wait until the guest is off and has left what it wrote.
await_end() {
	local end=$((SECONDS + patience))

	title='the guest ends'
	until is_over; do
		[ $SECONDS -lt $end ] || give_up "$title" 'it goes on'
		sleep 0.2
	done
	[ -s "$out/exit" ] || give_up "$title" 'it left nothing'
}
