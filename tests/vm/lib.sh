# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the scripts of tests/vm share: where the cache is, how a script
# complains, and which kernels and scenarios there are.  Sourced, never run.

set -euo pipefail
# What goes into a guest must be readable by its ordinary user.
umask 022
export LC_ALL=C
# depmod and mke2fs live where a user's PATH may not look.
PATH=$PATH:/usr/sbin:/sbin

# Sourced from a script that lies beside it.
vm=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${VFIOTOP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vfiotop}

die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

usage() {
	printf 'usage: %s %s\n' "${0##*/}" "$*" >&2
	exit 64
}

# Leave with 77, which automake counts as skipped; where all tools are
# promised (CI=true), an absent one is a failure.
skip() {
	printf 'SKIP: %s\n' "$*"
	[ "${CI:-}" != true ] || exit 1
	exit 77
}

need() {
	local tool

	# The guest runs programs of this machine.
	[ "$(uname -m)" = x86_64 ] || skip 'this is not an x86-64 machine'
	for tool; do
		command -v "$tool" >/dev/null || skip "$tool is not installed"
	done
}

# The folder that fetch made for kernel $1, and what it holds.  A change of
# its options, or of the modules of its own, makes another `lab'.
kernel_dir() {
	local name=$1 sum

	if [ "$name" = lab ]; then
		sum=$({
			grep '^CONFIG_' "$vm/lab.config" | sort
			cat "$vm"/standin/*
		} | sha256sum)
		name=lab-${sum:0:8}
	fi
	printf '%s/kernels/%s\n' "$cache" "$name"
}

kernel_version() {
	cat "$(kernel_dir "$1")/version"
}

scenario_names() {
	local file

	for file in "$vm"/scenarios/*.sh; do
		basename "$file" .sh
	done
}

# Read scenario $1 into these variables; every one is given a value here, so
# that nothing is left over from the scenario before.
#
#   iommu       QEMU's -device for the IOMMU, made before the others
#   devices     QEMU's -device for each other device
#   board       QEMU's machine, with its options
#   cpu_vendor  what the processor calls itself
#   append      more words for the kernel's command line
#   deadline    seconds after which a boot is given up
#   gpu, nvme   addresses of the second GPU and of a disk with a file system
#   nic, twin   addresses of two NICs with the same ids
#   sound       address of the second GPU's other function
#   usb         address of the USB controller with the only keyboard
#   suite       what the guest does: guest/SUITE.sh, and run judges it
#   noiommu     yes: VFIO shall give out devices that have no IOMMU
#   table       tables/TABLE.asl, which the kernel gets for the firmware's own
#   tables      the firmware's IOMMU table that must be there; empty: none
#   together    devices that must share a group; empty: there are no groups
#   bind        yes: bind the second GPU's group, restore it, be refused the disk
#   first       the rule of the first failing finding of `check'
#   no_blocker  yes: nothing blocks at the scope of the system
#   findings    rules that must fail for the group of `gpu'; a|b is either
#   kernels_of  kernels it is made for; on others it runs only when asked for
# shellcheck disable=SC2034 # for those who source this
scenario_read() {
	local file=$vm/scenarios/$1.sh

	[ -r "$file" ] || die "no scenario $1 (there are: $(scenario_names | xargs))"
	iommu='' devices=() board=q35 cpu_vendor=GenuineIntel append='' deadline=180
	gpu='' nvme='' nic='' twin='' usb='' sound='' suite=suite noiommu=no table='' tables='' together=() bind=no
	first='' no_blocker=no findings=()
	kernels_of=(debian12 backports newest)
	# shellcheck source=/dev/null
	. "$file"
}
