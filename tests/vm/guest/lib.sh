# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the guest's scripts share: facts read by plain ls and readlink, without
# the program under test.  Sourced by them, never run.

# shellcheck source=/dev/null
. /vm/scenario
pci=/sys/bus/pci/devices

# Say on the console how far we are; the last such line tells where a hang was.
step() {
	echo "@@vm@@ $*" >/dev/console
}

# The last part of where link $1 points, or "-".
target() {
	if [ -L "$1" ]; then
		basename "$(readlink "$1")"
	else
		echo -
	fi
}

group_of() {
	target "$pci/$1/iommu_group"
}

# One line per device: address class vendor device group driver override
facts() {
	for device in "$pci"/*; do
		override=$(cat "$device/driver_override")
		echo "${device##*/} $(cat "$device/class") \
$(cat "$device/vendor") $(cat "$device/device") \
$(target "$device/iommu_group") $(target "$device/driver") $override"
	done
}

# The members of group $1, ends of lines only: no bridges.
endpoints() {
	for member in /sys/kernel/iommu_groups/"$1"/devices/*; do
		case $(cat "$member/class") in
		0x0604*) ;;
		*) echo "${member##*/}" ;;
		esac
	done
}

# Run a command; keep its output, messages and status as /out/NAME.*.
keep() {
	name=$1
	shift
	step "$name: $*"
	"$@" >"/out/$name.out" 2>"/out/$name.err" </dev/null
	echo $? >"/out/$name.status"
}

# The same as the ordinary user.
keep_user() {
	name=$1
	shift
	keep "$name" su -s /bin/sh -c "$*" tester
}
