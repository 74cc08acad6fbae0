#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What `run' lets the guest do where the inspector is tried: look at VFIO
# before and after it is loaded, ask a device by each way that the kernel has,
# and be refused in each way that it refuses.  /usr/local/bin/grant asks the
# same beside it.

# shellcheck disable=SC2153,SC2154 # set by lib.sh and /vm/scenario
# shellcheck source-path=SCRIPTDIR source=lib.sh
. /vm/lib.sh

# Give device $1 to driver $2 by hand.
hand() {
	echo "$2" >"$pci/$1/driver_override"
	[ ! -L "$pci/$1/driver" ] || echo "$1" >"$pci/$1/driver/unbind"
	echo "$1" >/sys/bus/pci/drivers_probe
	[ -z "${3:-}" ] || echo >"$pci/$1/driver_override"
}

modules() {
	cut -d ' ' -f 1 /proc/modules | grep -E '^(vfio|iommufd)' | sort
}

# Ask device $2 of group node $3 and device node $4, as NAME $1.
both_ways() {
	keep "$1-group" vfiotop inspect "$2" --api group --yes --format json
	keep "$1-group-yard" grant group "/dev/vfio/$3" "$2"
	[ -e "$4" ] || return 0
	keep "$1-cdev" vfiotop inspect "$2" --api cdev --yes --format json
	keep "$1-cdev-yard" grant cdev "$4"
}

# Nothing is loaded by looking.  The node is there as systemd makes it.
mkdir -p /dev/vfio
[ -e /dev/vfio/vfio ] || mknod /dev/vfio/vfio c 10 196
modules >/out/modules-before
keep before vfiotop list vfio --format json
modules >/out/modules-after
# Opening it would have loaded vfio.
: </dev/vfio/vfio
modules >/out/modules-opened

modprobe -a vfio-pci vfio_iommu_type1 2>/dev/null
modprobe iommufd 2>/dev/null
if [ "$NOIOMMU" = yes ]; then
	echo Y >/sys/module/vfio/parameters/enable_unsafe_noiommu_mode
fi
sound=${GPU%.*}.1
hand "$GPU" vfio-pci
hand "$sound" vfio-pci
ls /dev/vfio >/out/nodes
keep loaded vfiotop list vfio --format json
keep page vfiotop list vfio
keep explain vfiotop explain "$GPU"

if [ "$NOIOMMU" = yes ]; then
	node=$(find /dev/vfio -name 'noiommu-*' | sort | head -n 1)
	number=${node##*-}
	keep unsafe vfiotop inspect "$GPU" --yes --format json
	keep unsafe-text vfiotop inspect "$GPU" --yes
	keep unsafe-yard grant group "$node" "$GPU"
	keep group vfiotop explain "group:$number"
	exit 0
fi

facts >/out/before-inspect.facts
group=$(group_of "$GPU")
# The node of device $1 itself; where there is none, a name that is not there.
own_of() {
	for made in "$pci/$1"/vfio-dev/vfio*; do
		echo "/dev/vfio/devices/${made##*/}"
	done
}
own=$(own_of "$GPU")
both_ways gpu "$GPU" "$group" "$own"
both_ways sound "$sound" "$group" /nowhere
keep text vfiotop inspect "$GPU" --yes
keep declined vfiotop inspect "$GPU"
keep_user user vfiotop inspect "$GPU" --yes

# A mediated device, of the kernel's own sample.
mtty=/sys/devices/virtual/mtty/mtty/mdev_supported_types/mtty-1
uuid=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
if modprobe mtty 2>/dev/null && echo "$uuid" >"$mtty/create"; then
	made=/sys/bus/mdev/devices/$uuid
	for node in "$made"/vfio-dev/vfio*; do
		both_ways mediated "$uuid" "$(target "$made/iommu_group")" \
			"/dev/vfio/devices/${node##*/}"
	done
	keep mediated-list vfiotop list vfio --format json
	echo 1 >"$made/remove"
fi

# Another process has the group, by its node or by the device's own.
grant hold "/dev/vfio/$group" >/out/hold &
holder=$!
until grep -q held /out/hold; do usleep 50000; done
keep held vfiotop inspect "$GPU" --yes --format json
keep held-list vfiotop list vfio --format json
keep held-yard grant group "/dev/vfio/$group" "$GPU"
kill "$holder"
wait "$holder" 2>/dev/null
if [ -e "$own" ]; then
	: >/out/hold
	grant hold "$own" cdev >/out/hold &
	holder=$!
	until grep -q held /out/hold; do usleep 50000; done
	keep held-cdev vfiotop inspect "$GPU" --yes --format json
	kill "$holder"
	wait "$holder" 2>/dev/null
fi

# The host takes one device of the group back.
hand "$GPU" '' back
facts >/out/split.facts
keep split vfiotop inspect "$sound" --yes --api group --format json
keep split-yard grant group "/dev/vfio/$group" "$sound"
keep split-host vfiotop inspect "$GPU" --yes
keep split-page vfiotop explain "group:$group"
[ ! -e "$(own_of "$sound")" ] || keep split-cdev vfiotop inspect "$sound" --yes --api cdev \
	--format json
exit 0
