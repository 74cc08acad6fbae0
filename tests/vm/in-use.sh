# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Judges what guest/in-use.sh left: refused with nothing written, moved alone,
# brought back after a kill, told when the kernel does not come back.  Sourced
# by run; each function is a part of the guest's script.

# shellcheck disable=SC2154 # of scenario_read, checks.sh and run

# $1.facts is $2.facts with these devices (the rest) on driver $3.
moved_only() {
	local title=$1 to=$2 from=$3 driver=$4
	shift 4
	awk -v all=" $* " -v driver="$driver" \
		'index(all, " " $1 " ") { $6 = $7 = driver } { print }' \
		"$out/$from.facts" >"$part/right"
	same_file "$title" "$out/$to.facts" "$part/right"
}

# Part $1 was refused by gate $2, and facts are still as in $3.
refused_by() {
	status_in "$1: refused with 10" "$1" 10
	if grep -qF "[$2]" "$out/$1.out"; then
		ok "$1: $2 is named"
	else
		not_ok "$1: $2 is named" "$(short <"$out/$1.out")"
	fi
	same_file "$1: nothing was written" "$out/$1.facts" "$out/$3.facts"
}

done_as() {
	status_in "$1: done" "$1" 0
	same_file "$1: all is as $2" "$out/$1.facts" "$out/$2.facts"
}

check_refused() {
	refused_by mounted dev-mounted-fs before
	same 'mounted: the file system lives' \
		"$(cat "$out/mounted.alive" 2>/dev/null || :)" alive
	refused_by route dev-default-route before
	same 'route: it still leads out' "$(grep -c ^default "$out/route.after")" 1
	refused_by keyboard dev-last-keyboard before
}

check_alone() {
	status_in 'two alike: bound' twin-bound 0
	same 'two alike: they have the same ids' "$(fact before "$twin" 3) \
$(fact before "$twin" 4)" "$(fact before "$nic" 3) $(fact before "$nic" 4)"
	moved_only 'two alike: only one moved' twin-bound before vfio-pci "$twin"
	done_as twin-restored before
}

check_leftovers() {
	moved_only 'an override was left' left-bound left vfio-pci "$twin"
	done_as left-undone left
	status_in 'an override was left: restored' left-restored 0
	same_file 'an override was left: none is after a restore' \
		"$out/left-restored.facts" "$out/before.facts"
	moved_only 'another override was left' stub-bound stub vfio-pci "$twin"
	done_as stub-undone stub
	same_file 'the host can have it again' "$out/leftovers-gone.facts" \
		"$out/before.facts"
}

check_vf_moves() {
	local vf

	refused_by pf dev-sriov-pf-vfs-enabled vfs
	vf=$(cat "$out/vf")
	status_in 'a virtual function: bound' vf-bound 0
	moved_only 'a virtual function: it moved alone' vf-bound vfs vfio-pci "$vf"
	done_as vf-restored vfs
}

check_session() {
	mapfile -t members < <(group_endpoints before "$gpu")
	status_in 'session toggle: started' session-on 0
	moved_only 'session toggle: the group moved' session-on before vfio-pci \
		"${members[@]}"
	same 'session status: it is started' \
		"$(query session-status '.. | .state? // empty' | head -n 1)" started
	status_in 'session toggle: ended' session-off 0
	same_file 'session toggle: all is as before' "$out/session-off.facts" \
		"$out/before.facts"
}

check_killed() {
	local n

	for n in 3 8 9 12; do
		status_in "kill $n: both are dead" "kill-$n" 137
		same "kill $n: nobody is left" "$(cat "$out/kill-$n.left")" ''
		done_as "recover-$n" before
	done
	same 'kill: at different steps' \
		"$(for n in 3 8 9 12; do
			grep -c ^begin "$out/kill-$n.journal"
		done | sort -u | wc -l)" 4
	status_in 'kill: another action is refused meanwhile' meanwhile 10
	status_in 'kill: the rest is done by recover finish' finish 0
	moved_only 'kill: and the group is bound' finish before vfio-pci \
		"${members[@]}"
	status_in 'kill: on the way back' kill-back 137
	done_as recover-back finish
	done_as home before
}

check_held() {
	refused_by alone group-in-use-by-vm held-bound
	refused_by held group-in-use-by-vm held-bound
	status_in 'refused by the kernel: told with 11' unviable 11
	same 'refused by the kernel: it says why' \
		"$(grep -cE 'guest (may )?still holds? (its|the) group' \
			"$out/unviable.err")" 1
	same_file 'refused by the kernel: taken back' "$out/unviable.facts" \
		"$out/held-bound.facts"
	status_in 'stuck: told with 13' stuck 13
	grep -oE 'process [0-9]+ waits in the kernel \([a-z0-9_]+, state [A-Z]' \
		"$out/stuck.err" >"$part/found" || :
	printf '%s\n' "$(stuck_words)" >"$part/right"
	same_file 'stuck: the child, where and how it waits' "$part/found" \
		"$part/right"
	status_in 'stuck: the machine can be looked at' stuck-list 0 1 2 3
	same 'stuck: all devices are listed' \
		"$(query stuck-list '.devices | length')" \
		"$(wc -l <"$out/before.facts")"
	status_in 'stuck: another bind is refused' stuck-bind 10
	status_in 'stuck: recovering is refused' stuck-recover 10
	same 'stuck: what else there is, is told' \
		"$(grep -c 'recover forget' "$out/stuck-recover.err")" 1
	same 'stuck: the journal is left alone' "$(cat "$out/stuck.cmp")" ''
	status_in 'stuck: another user is refused' stuck-other 14
	same 'stuck: another user is told who is at work' \
		"$(grep -cE 'started by [a-z0-9]+, is at work on this machine' \
			"$out/stuck-other.err")" 1
	same_file 'stuck: nothing more was written' "$out/stuck.drivers-after" \
		"$out/stuck.drivers"
	done_as let-go before
}

check_vanished() {
	status_in 'pulled out: killed half-way' pulled 137
	status_in 'pulled out: not all can be taken back' pulled-recover 12
	status_in 'pulled out: nothing is left to recover' pulled-again 0
	# A device that comes back has another group.
	same_file 'put back: the host has it again' \
		<(awk '{ $5 = ""; print }' "$out/pulled.facts") \
		<(awk '{ $5 = ""; print }' "$out/before.facts")
}

check_in_use() {
	local members

	same 'nothing went wrong in the guest' \
		"$(cat "$out/trouble" 2>/dev/null || :)" ''
	check_refused
	check_alone
	check_leftovers
	check_vf_moves
	check_session
	check_killed
	check_held
	same_file 'in the end all is as before' "$out/after.facts" \
		"$out/before.facts"
	check_vanished
	same 'the kernel did not stumble in the end' \
		"$(grep -E 'BUG: |Oops|WARNING: |general protection' "$out/dmesg")" ''
}
