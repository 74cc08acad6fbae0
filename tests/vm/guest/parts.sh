#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What `run' lets the guest do with parts of devices: virtual functions made,
# bound, restored, reset, changed, removed and taken back; a NIC given to UIO
# and back; mediated devices of the kernel's own sample, where it has that.
# Nothing is judged here: /out goes back and is judged there.

# shellcheck disable=SC2154 # set by lib.sh and /vm/scenario
# shellcheck source-path=SCRIPTDIR source=lib.sh
. /vm/lib.sh

vf=${NVME%.0}.1
uuid=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
yes='--yes --accept all --format json'

# Do with the program what $2… say; /out/NAME.facts is what then is so.
act() {
	# shellcheck disable=SC2086 # several words
	keep "$@" $yes
	facts >"/out/$1.facts"
}

# "address number" of each VF, by the links of the PF.
numbers() {
	for link in "$pci/$NVME"/virtfn*; do
		[ ! -L "$link" ] || echo "$(target "$link") ${link##*virtfn}"
	done
}

count() {
	echo $#
}

# One line per mediated device: uuid type driver group
mdevs() {
	for item in /sys/bus/mdev/devices/*; do
		[ ! -e "$item" ] || echo "${item##*/} $(target "$item/mdev_type") \
$(target "$item/driver") $(target "$item/iommu_group")"
	done
}

virtual_functions() {
	act make vfiotop vfs "$NVME" 4 --autoprobe off
	numbers >/out/make.numbers
	cat "$pci/$NVME"/sriov_numvfs "$pci/$NVME"/sriov_drivers_autoprobe \
		>/out/make.switches
	keep list-made vfiotop list vfs --format json
	keep capture-made vfiotop capture /out/made.tar.zst
	act give vfiotop bind "$vf"
	act reset vfiotop reset "$vf"
	act back vfiotop restore "$vf"
	act give-again vfiotop bind "$vf"
	act change vfiotop vfs "$NVME" 2
	act change-undone vfiotop undo
	act remove vfiotop vfs "$NVME" 0
	# By hand, what nobody of the program undoes.
	echo 1 >"$pci/$NVME/sriov_drivers_autoprobe"
	echo "$NVME" >"$pci/$NVME/driver/unbind"
	act refuse vfiotop vfs "$NVME" 2
	echo "$NVME" >/sys/bus/pci/drivers_probe
}

uio() {
	act uio vfiotop bind "$NIC" --to uio_pci_generic
	keep list-uio vfiotop list uio --format json
	for node in /sys/class/uio/*; do
		echo "${node##*/} $(cat "$node/name") $(cat "$node/event") \
$(count "$node"/maps/map*) $(target "$node/device")"
	done >/out/uio.nodes
	act uio-back vfiotop restore "$NIC"
	ls /sys/class/uio >/out/uio-back.nodes
}

mediated() {
	modprobe mtty 2>/dev/null || return
	keep list-mtty vfiotop list mdev --format json
	keep capture-mtty vfiotop capture /out/mtty.tar.zst
	mtty=/sys/class/mdev_bus/mtty/mdev_supported_types
	for type in "$mtty"/*; do
		echo "${type##*/} $(cat "$type/available_instances")"
	done >/out/mtty.types
	act create vfiotop mdev create mtty mtty-2 "$uuid"
	mdevs >/out/create.mdevs
	ls /dev/vfio >/out/create.nodes
	keep list-created vfiotop list mdev --format json
	act create-another vfiotop mdev create mtty mtty-1
	mdevs >/out/create-another.mdevs
	act create-undone vfiotop undo
	mdevs >/out/create-undone.mdevs
	# Whoever holds its node keeps it.
	exec 9<>"/dev/vfio/$(target "/sys/bus/mdev/devices/$uuid/iommu_group")"
	act held vfiotop mdev remove "$uuid"
	exec 9>&-
	act delete vfiotop mdev remove "$uuid"
	mdevs >/out/delete.mdevs
	act delete-undone vfiotop undo
	mdevs >/out/delete-undone.mdevs
	echo 1 >"/sys/bus/mdev/devices/$uuid/remove"
}

# Everything at once, and a capture of it.
everything() {
	act all-vfs vfiotop vfs "$NVME" 2 --autoprobe off
	act all-bind vfiotop bind "$vf"
	act all-uio vfiotop bind "$NIC" --to uio_pci_generic
	[ ! -e /sys/class/mdev_bus/mtty ] ||
		act all-mdev vfiotop mdev create mtty mtty-1 "$uuid"
	facts >/out/all.facts
	keep capture-all vfiotop capture /out/all.tar.zst
}

facts >/out/before.facts
ls /sys/firmware/acpi/tables >/out/tables
if command -v vfiotop >/dev/null; then
	keep capture vfiotop capture "/out/$SCENARIO.tar.zst"
	virtual_functions
	uio
	mediated
	everything
fi
exit 0
