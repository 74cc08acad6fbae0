# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# How run judges what guest/unload.sh left: by the kernel's own links and its
# list of modules.  Sourced, never run.

# shellcheck disable=SC2154 # of run, lib.sh and the scenario

modules() {
	cat "$out/$1.modules" 2>/dev/null || :
}

# Round $2 left everything as it was when the driver had the GPU.
still_driven() {
	same_file "$1: every driver is as before" "$out/$2.facts" \
		"$out/driven.facts"
	same "$1: the modules are as before" "$(modules "$2")" \
		"$(modules driven)"
}

is_given() {
	local members

	mapfile -t members < <(group_endpoints before "$gpu")
	status_in "$1: done" "$2" 0
	same "$1: the whole group is on vfio-pci" \
		"$(drivers "$2" "${members[@]}")" \
		"$(printf '%s vfio-pci\n' "${members[@]}")"
	same "$1: no module of the family is left" "$(modules "$2")" ''
}

check_unload() {
	same 'the modules are loaded' "$(modules driven)" 'nvidia nvidia_modeset'
	same 'and drive the second GPU' "$(fact driven "$gpu" 6)" nvidia
	status_in 'held by an open node: refused' seen 10
	same 'held by an open node: the gate is named' \
		"$(grep -c '\[dev-gpu-clients\]' "$out/seen.out")" 1
	still_driven 'held by an open node' seen
	status_in 'held unseen: it fails, and is taken back' unseen 11
	still_driven 'held unseen' unseen
	is_given 'unloaded' unloaded
	status_in 'undone: done' undone 0
	still_driven 'undone' undone
	is_given 'unloaded again' again
	status_in 'restored: done' restored 0
	same_file 'restored: every driver is as before' \
		"$out/restored.facts" "$out/driven.facts"
	same 'restored: the module of the driver is there' \
		"$(modules restored)" nvidia
}
