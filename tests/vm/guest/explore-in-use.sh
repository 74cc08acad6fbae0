#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What `explore-in-use' lets the guest do: give the terminal to the explorer on
# a machine in use, again and again, and do beside it what a person would do
# elsewhere: mount, hold, let go.

# shellcheck disable=SC2153,SC2154 # set by /vm/scenario
# shellcheck source-path=SCRIPTDIR source=lib.sh
. /vm/lib.sh

export TERM="$TERMINAL" LANG=C.UTF-8
group=$(group_of "$GPU")

# Let the host's side see where we are, and wait for its Enter.
gate() {
	echo "@@vm@@ $*"
	read -r _
}

# Give the terminal to a program as NAME, and note what it left.
on_screen() {
	called=$1
	shift
	"$@" 2>"/out/$called.err"
	echo $? >"/out/$called.status"
	# What a person types when a program has died: reset.
	stty sane rows "$ROWS" cols "$COLS"
	[ "$(cat "/out/$called.status")" = 0 ] || printf '\033c'
	facts >"/out/$called.facts"
}

# Note the facts as NAME when the GPU has got driver $2 by a whole action.
note_when() {
	wait_until "[ \$(target $pci/$GPU/driver) = $2 ] &&
		[ ! -e /run/vfiotop/journal ]"
	facts >"/out/$1.facts"
}

# The explorer writes a capture to the named file when it wants the holder gone.
let_go_when() {
	until [ -e "$1" ]; do
		usleep 100000
	done
	note_stuck stuck
	vfiotop bind "$TWIN" --yes --accept all >/out/second.out 2>/out/second.err
	echo $? >/out/second.status
	end_hold
}

stty sane rows "$ROWS" cols "$COLS"
modprobe -a vfio-pci vfio_iommu_type1
keep session-save vfiotop session save guest "group:$group"
mount -t ext2 /dev/nvme0n1 /mnt || echo 'mount failed' >>/out/trouble
facts >/out/before.facts
gate 'a disk is mounted'
on_screen refused vfiotop explore
echo alive >/mnt/alive && sync && cat /mnt/alive >/out/refused.alive
umount /mnt

gate 'a session is kept'
note_when started vfio-pci >/dev/null 2>&1 &
on_screen toggled vfiotop explore
wait

gate 'to be killed'
on_screen killed strike 9 vfiotop explore
pidof vfiotop-apply >/out/killed.left
gate 'to be recovered'
on_screen recovered vfiotop explore

keep bind vfiotop bind "group:$group" --yes --accept all
begin_hold "$group" "$GPU"
hide_holder
gate 'a device is held'
let_go_when /tmp/go >/dev/null 2>&1 &
on_screen held vfiotop explore
wait
exit 0
