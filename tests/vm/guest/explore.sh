#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What `explore' lets the guest do: give the terminal to the explorer twice,
# with the kernel's own facts written down before, between and after.

# shellcheck disable=SC2153,SC2154 # set by /vm/scenario
# shellcheck source-path=SCRIPTDIR source=lib.sh
. /vm/lib.sh

export TERM="$TERMINAL" LANG=C.UTF-8

# Let the host's side see where we are, and wait for its Enter.
gate() {
	echo "@@vm@@ $*"
	read -r _
}

stty sane rows "$ROWS" cols "$COLS"
facts >/out/before.facts
stty -a >/out/before.tty
gate 'ready for the explorer'

vfiotop explore 2>/out/first.err
echo $? >/out/first.status
stty -a >/out/first.tty
stty sane
facts >/out/bound.facts
ls /dev/vfio >/out/bound.nodes
gate 'explorer ended, first time'

vfiotop explore 2>/out/second.err
echo $? >/out/second.status
stty -a >/out/second.tty
stty sane
facts >/out/restored.facts
gate 'explorer ended, second time'
exit 0
