# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# How run judges what guest/parts.sh left: by the kernel's own links, and by
# what the same program foretells here, on a capture of the machine before.
# Sourced, never run.

# shellcheck disable=SC2154 # of run, lib.sh and the scenario

# The facts of round $1 without the column of groups: numbers of groups are
# given anew.
facts_without_groups() {
	awk '{ print $1, $2, $3, $4, $6, $7 }' "$out/$1.facts"
}

same_machine() {
	same "$1" "$(facts_without_groups "$2")" "$(facts_without_groups "$3")"
}

# Rehearse on capture $2 what the words from the fourth on say; what becomes
# of the devices is what round $3 of the guest left, for check $1.
foretold() {
	local title=$1 machine=$2 round=$3 status=0

	shift 3
	"$host" -r "$out/$machine.tar.zst" "$@" --yes --accept all \
		--format json >"$part/here" 2>"$part/here.err" </dev/null ||
		status=$?
	# What is gone has no driver and no group.
	jq -r '.devices[] | select(.group != null) | "\(.address) \(.group) " +
		"\(.driver // "-") \(.driver_override // "(null)")"' \
		"$part/here" 2>/dev/null | sort >"$part/found"
	while read -r address _; do
		awk -v device="$address" '$1 == device { print $1, $5, $6, $7 }' \
			"$out/$round.facts"
	done <"$part/found" >"$part/right"
	same "$title: the rehearsal is done" "$status" 0
	same_file "$title: what the rehearsal foretells is what the kernel did" \
		"$part/found" "$part/right"
	[ "$1" = bind ] || same "$title: it tells of every virtual function" \
		"$(grep -c '^0000:01:00\.[1-9]' "$part/found")" \
		"$(grep -c '^0000:01:00\.[1-9]' "$out/$round.facts")"
}

vfs_of() {
	grep -c '^0000:01:00\.[1-9]' "$out/$1.facts"
}

check_vfs() {
	local vf=${nvme%.0}.1

	status_in 'four virtual functions are made' make 0
	same 'and there are four' "$(vfs_of make)" 4
	same 'none of them has a driver' \
		"$(grep '^0000:01:00\.[1-9]' "$out/make.facts" |
			cut -d ' ' -f 6 | sort -u)" -
	same 'by both switches' "$(xargs <"$out/make.switches")" '4 0'
	same 'each is alone in its group' \
		"$(grep '^0000:01:00\.[1-9]' "$out/make.facts" |
			cut -d ' ' -f 5 | sort -u | wc -l)" 4
	same 'list vfs: says which is which' \
		"$(query list-made '.physical_functions[0].vfs[]
			| "\(.address) \(.number)"')" "$(cat "$out/make.numbers")"
	same 'list vfs: there is room' \
		"$(query list-made '.physical_functions[0] | "\(.total) " +
			"\(.enabled) \(.autoprobe) \(.room_for_all)"')" \
		'4 4 false true'
	status_in 'a virtual function is bound' give 0
	same 'to vfio-pci' "$(fact give "$vf" 6)" vfio-pci
	status_in 'a free one is reset' reset 0
	same_file 'and stays as it is' "$out/reset.facts" "$out/give.facts"
	status_in 'and given back' back 0
	same_machine 'as it was' back make
	status_in 'their number is changed' change 0
	same 'to two' "$(vfs_of change)" 2
	status_in 'that is taken back' change-undone 0
	same_machine 'and each is what it was' change-undone give-again
	status_in 'all are removed' remove 0
	same_file 'and nothing else has changed' "$out/remove.facts" \
		"$out/before.facts"
	status_in 'without a driver it is refused' refuse 10
	same 'with the reason' "$(grep -c 'has no driver' "$out/refuse.err")" 1
	foretold 'making them' parts make vfs "$nvme" 4 --autoprobe off
	foretold 'binding one' made give bind "$vf"
	foretold 'removing them' made remove vfs "$nvme" 0
}

check_uio() {
	local driver node name event maps device

	driver=$(fact before "$nic" 6)
	status_in 'a NIC is given to UIO' uio 0
	same 'to uio_pci_generic' "$(fact uio "$nic" 6)" uio_pci_generic
	read -r node name event maps device <"$out/uio.nodes"
	same 'list uio: says what the class says' \
		"$(query list-uio '.uios[] | "\(.node) \(.name) \(.interrupts) " +
			"\(.maps | length) \(.address)"')" \
		"/dev/$node $name $event $maps $device"
	status_in 'and given back' uio-back 0
	same 'to the driver it had' "$(fact uio-back "$nic" 6)" "$driver"
	same 'and its node is gone' "$(cat "$out/uio-back.nodes")" ''
	foretold_uio
}

# The NIC alone: its group is not foretold anew.
foretold_uio() {
	"$host" -r "$out/parts.tar.zst" bind "$nic" --to uio_pci_generic --yes \
		--accept all --format json 2>&1 </dev/null |
		jq -r '.devices[] | "\(.address) \(.driver)"' \
			>"$part/here" 2>&1 || :
	same 'UIO: the rehearsal foretells it' "$(cat "$part/here")" \
		"$nic $(fact uio "$nic" 6)"
}

check_mdevs() {
	local uuid=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001 group

	if [ ! -e "$out/mtty.types" ]; then
		printf '# %s: no sample of a mediated device\n' "$where"
		return
	fi
	same 'list mdev: says what the class says' \
		"$(query list-mtty '.parents[0].types[] | "\(.id) \(.available)"')" \
		"$(cat "$out/mtty.types")"
	status_in 'a mediated device is made' create 0
	same 'of that type' "$(cut -d ' ' -f 1,2 "$out/create.mdevs")" \
		"$uuid mtty-2"
	same 'list mdev: says what its links say' \
		"$(query list-created '.mdevs[] | "\(.uuid) \(.type) \(.driver) " +
			"\(.group)"')" "$(cat "$out/create.mdevs")"
	group=$(cut -d ' ' -f 4 "$out/create.mdevs")
	same 'its group has a node' "$(grep -cx "$group" "$out/create.nodes")" 1
	status_in 'another with a UUID of its own' create-another 0
	same 'so there are two' "$(wc -l <"$out/create-another.mdevs")" 2
	status_in 'that is taken back' create-undone 0
	same_file 'and the first is there' "$out/create-undone.mdevs" \
		"$out/create.mdevs"
	status_in 'while held it is not removed' held 10
	status_in 'afterwards it is' delete 0
	same 'and gone' "$(cat "$out/delete.mdevs")" ''
	status_in 'that is taken back too' delete-undone 0
	same 'and it has its name again' \
		"$(cut -d ' ' -f 1,2 "$out/delete-undone.mdevs")" "$uuid mtty-2"
	"$host" -r "$out/mtty.tar.zst" mdev create mtty mtty-2 "$uuid" --yes \
		--accept all --format json 2>&1 </dev/null |
		jq -r '.mdevs[] | "\(.uuid) \(.type) \(.group)"' \
			>"$part/here" 2>&1 || :
	same 'mdev: the rehearsal foretells it' "$(cat "$part/here")" \
		"$(cut -d ' ' -f 1,2,4 "$out/create.mdevs")"
}

# All of it at once, as lists of a capture have it.
check_all() {
	status_in 'all at once is captured' capture-all 0
	same 'and read back: virtual functions' \
		"$("$host" -r "$out/all.tar.zst" list vfs --format json |
			jq -r '.physical_functions[].vfs[]
				| "\(.address) \(.driver // "-") \(.group)"')" \
		"$(awk '/^0000:01:00\.[1-9]/ { print $1, $6, $5 }' "$out/all.facts")"
	same 'and read back: UIO' \
		"$("$host" -r "$out/all.tar.zst" list uio --format json |
			jq -r '.uios[].address')" "$nic"
}

check_parts() {
	status_in 'capture: done' capture 0
	check_vfs
	check_uio
	check_mdevs
	check_all
}
