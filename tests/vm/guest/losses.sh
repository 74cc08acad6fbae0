#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What `run' lets the guest of scenario losses do: put every device to use,
# then ask what would be lost.  Nothing is judged here.

# shellcheck disable=SC2153,SC2154 # set by lib.sh and /vm/scenario
# shellcheck disable=SC2317 # functions are called by name
# shellcheck source-path=SCRIPTDIR source=lib.sh
. /vm/lib.sh

# Wait until command $@ holds, at most 10 s; say so if it never does.
until_so() {
	left=100
	until "$@" 2>/dev/null; do
		left=$((left - 1))
		if [ $left = 0 ]; then
			echo "in vain: $*" >>/out/trouble
			return
		fi
		usleep 100000
	done
}

plays() {
	grep -q RUNNING /proc/asound/card0/pcm*p/sub0/status
}

types() {
	grep -q 'USB Keyboard' /proc/bus/input/devices
}

keeps_card() {
	readlink /proc/"$painter"/fd/9 | grep -q /dev/dri/card1
}

facts >/out/before.facts
ls /sys/firmware/acpi/tables >/out/tables

step 'mount the disk'
modprobe -a ext4 snd-pcm-oss usbhid hid-generic evdev
mount -t ext4 -o ro /dev/nvme0n1 /mnt || echo 'mount failed' >>/out/trouble

step 'use the network'
nic=$(basename /sys/bus/pci/devices/0000:03:00.0/net/*)
ip address add 10.0.2.15/24 dev "$nic"
ip link set "$nic" up
ip route add default via 10.0.2.2

step 'type'
until_so types

step 'play'
until_so [ -c /dev/dsp ]
cat /dev/zero >/dev/dsp &
player=$!
until_so plays

step 'draw on the second display'
(
	exec 9<>/dev/dri/card1
	exec sleep 1000
) &
painter=$!
until_so keeps_card

grep -l "^${GPU%.*}\$" /sys/bus/pci/slots/*/address >/out/slot
echo "$player $painter $nic" >/out/who
for what in devices gpus usb storage; do
	keep "list-$what" vfiotop list "$what" --format json
done
for address in 00:02.0 01:00.0 02:00.0 03:00.0 04:00.0 05:00.0; do
	keep "explain-$address" vfiotop explain "$address"
	keep "plan-$address" vfiotop plan bind "$address"
	keep "json-$address" vfiotop plan bind "$address" --format json
done
# A root port stands for all that hangs on it.
keep explain-port vfiotop explain 00:03.1 --format json
keep capture vfiotop capture "/out/$SCENARIO.tar.zst"
facts >/out/looked.facts
kill "$player" "$painter"
umount /mnt
exit 0
