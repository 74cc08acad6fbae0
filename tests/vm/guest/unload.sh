#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What `run' lets the guest do with a driver whose modules are unloaded so that
# it lets go: be refused while its node is open, be stopped by the kernel when
# nobody could see that, have it done, and have it back.  Nothing is judged
# here: /out goes back and is judged in unload.sh.

# shellcheck disable=SC2153,SC2154 # set by lib.sh and /vm/scenario
# shellcheck source-path=SCRIPTDIR source=lib.sh
. /vm/lib.sh

group=$(group_of "$GPU")

# Do with the program what $2… say; /out/NAME.facts and .modules are what then
# is so.
act() {
	keep "$@" --yes --accept all
	note "$1"
}

note() {
	facts >"/out/$1.facts"
	grep -o '^nvidia[a-z_]*' /proc/modules | sort | xargs >"/out/$1.modules"
}

facts >/out/before.facts
ls /sys/firmware/acpi/tables >/out/tables
command -v vfiotop >/dev/null || exit 0
modprobe -a vfio-pci vfio_iommu_type1 nvidia_modeset || exit 1
echo nvidia >"$pci/$GPU/driver_override"
echo "$GPU" >"$pci/$GPU/driver/unbind"
echo "$GPU" >/sys/bus/pci/drivers_probe
echo >"$pci/$GPU/driver_override"
note driven
keep capture vfiotop capture "/out/$SCENARIO.tar.zst"

# Whoever has the node open keeps the module.
sleep 1000 9<>/dev/nvidiactl &
holder=$!
act seen vfiotop bind "group:$group" --unload
hide_holder
act unseen vfiotop bind "group:$group" --unload
show_holder
kill "$holder"
wait "$holder" 2>/dev/null

act unloaded vfiotop bind "group:$group" --unload
act undone vfiotop undo
act again vfiotop bind "group:$group" --unload
act restored vfiotop restore "group:$group"
exit 0
