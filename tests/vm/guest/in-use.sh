#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What `run' lets the guest do in a machine that is in use: be refused, move one
# of two alike, meet what others left, be killed half-way, be blocked by the
# kernel.  Nothing is judged here: /out goes back and is judged in in-use.sh.

# shellcheck disable=SC2153,SC2154 # set by lib.sh and /vm/scenario
# shellcheck source-path=SCRIPTDIR source=lib.sh
. /vm/lib.sh

journal=/run/vfiotop/journal
group=$(group_of "$GPU")

# Bind or restore with every soft gate accepted, as NAME.
act() {
	keep "$@" --yes --accept all
	facts >"/out/$1.facts"
}

by_storage() {
	mount -t ext2 /dev/nvme0n1 /mnt || echo 'mount failed' >>/out/trouble
	act mounted vfiotop bind "$NVME"
	echo alive >/mnt/alive && sync && cat /mnt/alive >/out/mounted.alive
	umount /mnt
}

by_network() {
	nic=$(ls "$pci/$NIC/net")
	ip addr add 10.0.2.15/24 dev "$nic"
	ip link set "$nic" up
	ip route add default via 10.0.2.2
	act route vfiotop bind "$NIC"
	ip route >/out/route.after
	ip link set "$nic" down
	ip addr flush dev "$nic"
}

by_keyboard() {
	cat /proc/bus/input/devices >/out/keyboards
	act keyboard vfiotop bind "$USB"
}

one_of_two() {
	act twin-bound vfiotop bind "$TWIN"
	act twin-restored vfiotop restore "$TWIN"
}

# An earlier tool left its mark: on a device that the host drives, and on one
# that nothing drives.
leftovers() {
	echo vfio-pci >"$pci/$TWIN/driver_override"
	facts >/out/left.facts
	act left-bound vfiotop bind "$TWIN"
	act left-undone vfiotop undo
	act left-again vfiotop bind "$TWIN"
	act left-restored vfiotop restore "$TWIN"
	echo "$TWIN" >"$pci/$TWIN/driver/unbind"
	echo pci-stub >"$pci/$TWIN/driver_override"
	facts >/out/stub.facts
	act stub-bound vfiotop bind "$TWIN"
	act stub-undone vfiotop undo
	echo >"$pci/$TWIN/driver_override"
	echo "$TWIN" >/sys/bus/pci/drivers_probe
	facts >/out/leftovers-gone.facts
}

# Not probed: the host's driver would drop each after its own deadline, because
# the emulated function has no queues, and so change what is compared.
virtual_functions() {
	echo 0 >"$pci/$NVME/sriov_drivers_autoprobe"
	echo 2 >"$pci/$NVME/sriov_numvfs"
	facts >/out/vfs.facts
	act pf vfiotop bind "$NVME"
	vf=$(target "$pci/$NVME/virtfn0")
	echo "$vf" >/out/vf
	act vf-bound vfiotop bind "$vf"
	act vf-restored vfiotop restore "$vf"
	echo 0 >"$pci/$NVME/sriov_numvfs"
	echo 1 >"$pci/$NVME/sriov_drivers_autoprobe"
}

sessions() {
	keep session-save vfiotop session save guest "group:$group"
	act session-on vfiotop session toggle guest
	keep session-status vfiotop session status guest --format json
	act session-off vfiotop session toggle guest
}

# Killed at several places, each time brought back.
killed() {
	for n in 3 8 9 12; do
		keep "kill-$n" strike "$n" vfiotop bind "group:$group" --yes \
			--accept all
		facts >"/out/kill-$n.facts"
		cp "$journal" "/out/kill-$n.journal"
		pidof vfiotop-apply >"/out/kill-$n.left"
		act "recover-$n" vfiotop recover
	done
	keep kill-last strike 11 vfiotop bind "group:$group" --yes --accept all
	act meanwhile vfiotop bind "$TWIN"
	act finish vfiotop recover finish
	keep kill-back strike 9 vfiotop restore "group:$group" --yes --accept all
	act recover-back vfiotop recover
	act home vfiotop restore "group:$group"
}

# A guest's process has the device; it is seen, then it cannot be.
held() {
	act held-bound vfiotop bind "group:$group"
	begin_hold "$group" "$GPU" alone
	keep alone vfiotop restore "group:$group" --yes
	facts >/out/alone.facts
	end_hold
	begin_hold "$group" "$GPU"
	act held vfiotop restore "group:$group"
	hide_holder
	# The other function goes, but the kernel does not give it to the host.
	act unviable vfiotop bind "$SOUND" --to snd_hda_intel
	keep stuck vfiotop restore "group:$group" --yes --accept all
	note_stuck stuck
	cp "$journal" /out/stuck.journal
	ls_drivers >/out/stuck.drivers
	show_holder
	keep stuck-list vfiotop list devices --format json
	keep stuck-bind vfiotop bind "group:$group" --yes --accept all
	keep stuck-recover vfiotop recover --yes
	cmp "$journal" /out/stuck.journal >/out/stuck.cmp 2>&1
	# One whose journal is elsewhere, as another user's, has the lock only.
	mv "$journal" /run/aside
	keep stuck-other vfiotop bind "$TWIN" --yes --accept all
	rm -f "$journal"
	mv /run/aside "$journal"
	ls_drivers >/out/stuck.drivers-after
	end_hold
	wait_gone vfiotop-apply
	act let-go vfiotop recover finish
}

# A device is pulled out half-way, and put back.
vanished() {
	keep pulled strike 6 vfiotop bind "$TWIN" --yes --accept all
	echo 1 >"$pci/$TWIN/remove"
	keep pulled-recover vfiotop recover --yes
	keep pulled-again vfiotop recover --yes
	echo 1 >/sys/bus/pci/rescan
	wait_until "[ -e $pci/$TWIN/driver ]"
	facts >/out/pulled.facts
}

facts >/out/before.facts
ls /sys/firmware/acpi/tables >/out/tables
command -v vfiotop >/dev/null || exit 0
# The keyboard comes by a bus that is slow to tell of it.
modprobe -a usbhid hid-generic evdev
wait_until 'grep -q keyboard -i /proc/bus/input/devices'
modprobe -a vfio-pci vfio_iommu_type1
by_storage
by_network
by_keyboard
one_of_two
leftovers
virtual_functions
sessions
killed
held
facts >/out/after.facts
vanished
exit 0
