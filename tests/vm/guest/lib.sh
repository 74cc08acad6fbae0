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
	link=$(readlink "$1")
	link=${link##*/}
	echo "${link:--}"
}

group_of() {
	target "$pci/$1/iommu_group"
}

# One line per device: address class vendor device group driver override
# Without programs where the shell will do: starting one is what takes time.
facts() {
	for device in "$pci"/*; do
		read -r class <"$device/class"
		read -r vendor <"$device/vendor"
		read -r id <"$device/device"
		read -r override <"$device/driver_override"
		echo "${device##*/} $class $vendor $id \
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

# Wait until a condition holds, at most a minute.
wait_until() {
	left=600
	until eval "$1"; do
		left=$((left - 1))
		if [ "$left" = 0 ]; then
			echo "waited in vain until $1" >>/out/trouble
			return 1
		fi
		usleep 100000
	done
}

# Wait until no process of that name is left.
wait_gone() {
	wait_until "! pidof $1 >/dev/null"
}

# Every device and its driver, by links only: those never wait for anybody.
ls_drivers() {
	for device in "$pci"/*; do
		echo "${device##*/} $(target "$device/driver")"
	done
}

# Have a process hold device $2 of group $1 as a virtual machine would; with a
# third word, the device alone.
begin_hold() {
	hold "$@" >/tmp/held 2>&1 &
	holder=$!
	wait_until 'grep -q held /tmp/held'
}

# Make that process one that nobody can look at, or let it be seen again: what
# the gate would find lies under an empty folder.
hide_holder() {
	mount -t tmpfs none "/proc/$holder"
}

show_holder() {
	umount "/proc/$holder"
}

# Note where the writer's child waits, as NAME.pid, NAME.state and NAME.wchan:
# the one that has no child of its own.
note_stuck() {
	for pid in $(pidof vfiotop-apply); do
		[ -z "$(cat "/proc/$pid/task/$pid/children")" ] || continue
		echo "$pid" >"/out/$1.pid"
		awk '{ print $3 }' "/proc/$pid/stat" >"/out/$1.state"
		cat "/proc/$pid/wchan" >"/out/$1.wchan"
	done
}

end_hold() {
	kill "$holder"
	wait "$holder" 2>/dev/null
}
