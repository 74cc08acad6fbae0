#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What `run' lets the guest do in one boot: look with the program under test,
# capture, be refused, bind, restore; every step with the kernel's own facts
# beside it.  Nothing is judged here: /out goes back and is judged there.

# shellcheck disable=SC2153,SC2154 # set by lib.sh and /vm/scenario
# shellcheck source-path=SCRIPTDIR source=lib.sh
. /vm/lib.sh

have_program() {
	command -v vfiotop >/dev/null
}

# Looking twice says the same only when nothing falls asleep in between: the
# SMBus controller does, a second after it was last used.
settle() {
	for device in "$pci"/*; do
		if [ "$(target "$device/driver")" = i801_smbus ] &&
			[ "$(cat "$device/power/control")" = auto ]; then
			wait_until "grep -q suspended $device/power/runtime_status"
		fi
	done
}

asleep() {
	grep -l suspended "$pci"/*/power/runtime_status
}

look() {
	settle
	asleep >/out/asleep
	keep check vfiotop check --format json
	keep_user check-user vfiotop check --format json
	for what in devices groups gpus iommus interrupts vfio; do
		keep "list-$what" vfiotop list "$what" --format json
	done
	keep capture vfiotop capture "/out/$SCENARIO.tar.zst"
	facts >/out/looked.facts
	asleep >/out/looked.asleep
}

# A disk whose file system is in use must be left alone.
refuse() {
	step "mount $NVME"
	modprobe ext4
	mount -t ext4 /dev/nvme0n1 /mnt || echo 'mount failed' >>/out/trouble
	keep refuse vfiotop bind "$NVME" --yes --accept all
	facts >/out/refused.facts
	echo alive >/mnt/alive && sync && cat /mnt/alive >/out/refused.alive
	umount /mnt
}

bind_and_restore() {
	group=$(group_of "$GPU")
	keep bind vfiotop bind "group:$group" --yes --accept all --format json
	facts >/out/bound.facts
	ls /dev/vfio >/out/bound.nodes
	keep list-bound vfiotop list devices --format json
	keep restore vfiotop restore "group:$group" --yes
	facts >/out/restored.facts
	ls /dev/vfio >/out/restored.nodes
}

# The same by hand, as the yardstick.
bind_by_hand() {
	group=$(group_of "$GPU")
	modprobe vfio-pci
	for address in $(endpoints "$group"); do
		step "by hand: $address"
		echo vfio-pci >"$pci/$address/driver_override"
		echo "$address" >"$pci/$address/driver/unbind"
		echo "$address" >/sys/bus/pci/drivers_probe
	done
	facts >/out/hand-bound.facts
	ls /dev/vfio >/out/hand-bound.nodes
	for address in $(endpoints "$group"); do
		step "by hand, back: $address"
		echo "$address" >"$pci/$address/driver/unbind"
		echo >"$pci/$address/driver_override"
		echo "$address" >/sys/bus/pci/drivers_probe
	done
	facts >/out/hand-restored.facts
}

facts >/out/before.facts
ls /sys/firmware/acpi/tables >/out/tables
ls /sys/class/iommu >/out/iommus
cp /proc/interrupts /proc/cmdline /out
if have_program; then
	look
fi
if [ "$BIND" = yes ]; then
	if have_program; then
		refuse
		bind_and_restore
	fi
	bind_by_hand
fi
exit 0
