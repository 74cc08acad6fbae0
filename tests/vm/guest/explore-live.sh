#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What `explore-live' lets the guest do: put a device to sleep, give the terminal to
# the explorer, and write down beside it whether that device was woken, how
# often the explorer ran, and when it was told of a new device.

# shellcheck disable=SC2153,SC2154 # set by /vm/scenario
# shellcheck source-path=SCRIPTDIR source=lib.sh
. /vm/lib.sh

export TERM="$TERMINAL" LANG=C.UTF-8

gate() {
	echo "@@vm@@ $*"
	read -r _
}

# How the device stands and the port above it: address, status, and for how
# long it has been awake.
power() {
	for device in "$SLEEPER" "$PORT"; do
		echo "$device $(cat "$pci/$device/power/runtime_status") \
$(cat "$pci/$device/power/runtime_active_time")"
	done
}

# vfio-pci lets a device sleep that nobody has opened.
modprobe vfio-pci
echo vfio-pci >"$pci/$SLEEPER/driver_override"
[ ! -e "$pci/$SLEEPER/driver" ] ||
	echo "$SLEEPER" >"$pci/$SLEEPER/driver/unbind"
echo "$SLEEPER" >/sys/bus/pci/drivers/vfio-pci/bind
echo auto >"$pci/$SLEEPER/power/control"
echo auto >"$pci/$PORT/power/control"
left=50
while power | grep -qv suspended && [ $left -gt 0 ]; do
	left=$((left - 1))
	usleep 100000
done
power >/out/before.power

# How often the explorer has been put on a processor, once a second.
watch_idle() {
	while :; do
		sleep 1
		read -r explorer _ </tmp/explorer 2>/dev/null || continue
		awk '/ctxt_switches/ { print $2 }' "/proc/$explorer/status" |
			xargs >>/out/idle
	done
}

# The milliseconds from the device's folder in sysfs to the explorer's reading
# of it, told by a child of it coming and going.
watch_plugged() {
	until [ -e "$pci/$PLUGGED" ]; do
		usleep 10000
	done
	from=$(now_ms)
	read -r explorer _ </tmp/explorer
	until grep -q . "/proc/$explorer/task/$explorer/children"; do
		usleep 10000
	done
	while grep -q . "/proc/$explorer/task/$explorer/children"; do
		usleep 10000
	done
	echo $(($(now_ms) - from)) >/out/shown
}

# How long reading the machine takes on this processor, which is emulated.
now_ms() {
	awk '{ printf "%d\n", $1 * 1000 }' /proc/uptime
}
from=$(now_ms)
vfiotop check >/dev/null 2>&1
echo $(($(now_ms) - from)) >/out/reading

stty sane rows "$ROWS" cols "$COLS"
gate 'ready for the explorer'
watch_idle &
idle=$!
watch_plugged &
plugged=$!
sh -c 'echo $$ >/tmp/explorer; exec vfiotop explore' 2>/out/first.err
echo $? >/out/first.status
stty sane
kill $idle $plugged 2>/dev/null
power >/out/after.power
facts >/out/after.facts
gate 'explorer ended'
exit 0
