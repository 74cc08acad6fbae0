# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# What must be true of what guest/inspect.sh left: the inspector says what the
# yardstick (guest/grant.c) says, and each refusal says why.  Sourced by run.

# The yardstick, for the guest: compiled here, linked with nothing.
build_yardstick() {
	local root=$part/yardstick

	mkdir -p "$root/usr/local/bin"
	"${CC:-cc}" -static -O1 -Wall -o "$root/usr/local/bin/grant" \
		"$vm/guest/grant.c" || die 'the yardstick cannot be built'
	(cd "$root" && find . -mindepth 1 | sort |
		cpio --quiet -o -H newc -R 0:0) >"$part/yardstick.cpio"
}

# What `inspect --format json' said as $1, in the words of the yardstick.
in_yard_words() {
	# shellcheck disable=SC2016 # jq's own variables
	query "$1" 'def bits($names): map($names[.]) | add // 0;
		def bare: ltrimstr("0x");
		def cap($what; $index): .capabilities[] |
			"cap \($what) \($index) \(.id) \(.version)",
			(if .spans and .id == 1 and $what == "region" then
				.spans[] | "area \($index) \(.offset | bare) \(.size)"
			elif .spans and .id == 1 then
				.spans[] | "range \(.first | bare) \(.last | bare)"
			elif .id == 3 and $what == "iommu" then
				"left \(.value | bare)"
			else empty end);
		"info \(.flags | bits({"reset": 1, "pci": 2})) \(.region_count
			) \(.irq_count)",
		(.regions[] | "region \(.index) \(.flags | bits({"read": 1,
			"write": 2, "mmap": 4})) \(.size) \(.offset | bare)",
			(.index as $i | cap("region"; $i))),
		(.irqs[] | "irq \(.index) \(.flags | bits({"eventfd": 1,
			"maskable": 2, "automasked": 4, "noresize": 8})) \(.count)"),
		(if .hot_reset == [] then "reset none" else .hot_reset[] |
			"reset \(if $api == "cdev" then .owned else .group end) \(
			.address)" end),
		(if .iommu then "iommu \([.iommu.page_sizes[] | log2] | map(tostring)
				| join("-"))",
			(.iommu | cap("iommu"; 0)) else "iommu none" end),
		(.features[] | "feature \(.number) \(if .can_get then 1 else 0 end
			) \(if .can_set then 1 else 0 end)")' --arg api "$2" | sort
}

# The bits of hexadecimal number $1, "12-21-30"; JSON has no room for bit 63.
bits_of() {
	local bit text=

	for ((bit = 0; bit < 63; bit++)); do
		[ $((0x$1 >> bit & 1)) = 0 ] || text=$text-$bit
	done
	printf '%s\n' "${text#-}"
}

# The yardstick's own words: page sizes by their bits, owners of devices as the
# kernel marks them (0xffffffff: not the asker's).
yard_words() {
	local what value rest

	while read -r what value rest; do
		case $what-$2 in
		iommu-*) [ "$value" = none ] || value=$(bits_of "$value") ;;
		reset-cdev)
			case $value in
			none) ;;
			4294967295) value=false ;;
			*) value=true ;;
			esac
			;;
		viable-*) continue ;;
		esac
		printf '%s %s %s\n' "$what" "$value" "$rest"
	done <"$out/$1.out" | sed 's/ *$//' | sort
}

check_same_grant() {
	local name=$1 api=$2

	status_in "inspect, $name by $api: done" "$name-$api" 0
	status_in "inspect, $name by $api: the yardstick is granted it too" \
		"$name-$api-yard" 0
	yard_words "$name-$api-yard" "$api" >"$part/right"
	in_yard_words "$name-$api" "$api" >"$part/found"
	same_file "inspect, $name by $api: every number is the yardstick's" \
		"$part/found" "$part/right"
	same "inspect, $name by $api: regions, interrupts, IOMMU are there" \
		"$(cut -d ' ' -f 1 "$part/found" | sort -u |
			grep -xE 'info|irq|iommu|region' | xargs)" \
		'info iommu irq region'
	same "inspect, $name by $api: it says by which way" \
		"$(query "$name-$api" .api)" "$api"
}

# Refusal $1 ended with 10 and a sentence that holds $2.
check_not_granted() {
	status_in "inspect, $1: refused" "$1" 10
	if grep -qE -- "$2" "$out/$1.out" "$out/$1.err"; then
		ok "inspect, $1: it says why"
	else
		not_ok "inspect, $1: it says why" \
			"$(cat "$out/$1.out" "$out/$1.err" | short)"
	fi
}

check_unloaded() {
	same 'list vfio: nothing is loaded by looking' \
		"$(xargs <"$out/modules-after")" "$(xargs <"$out/modules-before")"
	same 'opening the node would have loaded vfio' \
		"$(grep -cx vfio "$out/modules-opened")" 1
	same 'list vfio: what is not loaded is not asked' \
		"$(query before .extensions)" null
}

check_loaded() {
	same 'list vfio: the container has TYPE1, TYPE1v2, UNMAP_ALL' \
		"$(query loaded '[.extensions[] | select(.supported) | .name]
			| map(select(test("^(TYPE1|TYPE1v2|UNMAP_ALL)$")))
			| join(" ")')" 'TYPE1 TYPE1v2 UNMAP_ALL'
	same 'list vfio: nodes are those of the folder' \
		"$(query loaded '.nodes[]' | sort | xargs)" \
		"$(sort "$out/nodes" | xargs)"
}

check_inspect() {
	local group cdev=no

	check_unloaded
	if [ "$noiommu" = yes ]; then
		check_unsafe
		return
	fi
	check_loaded
	group=$(fact before-inspect "$gpu" 5)
	[ ! -e "$out/gpu-cdev.out" ] || cdev=yes
	same 'inspect: the kernel has the ways that it should' \
		"$cdev" "$([ "$kernel" = lab ] && echo yes || echo no)"
	check_same_grant gpu group
	check_same_grant sound group
	[ $cdev = no ] || check_same_grant gpu cdev
	if [ "$kernel" = lab ]; then
		check_same_grant mediated group
		check_same_grant mediated cdev
		same 'list vfio: the mediated device is told as its own' \
			"$(query mediated-list '[.vfio_devices[].owner |
				select(test("^[0-9a-f]{8}-"))] | length')" 1
	fi
	status_in 'inspect: as text, done' text 0
	status_in 'inspect: without yes, nothing is opened' declined 14
	status_in 'inspect: a user is refused' user 10
	check_not_granted held "grant \(.*/dev/vfio/"
	same 'inspect, held: the kernel refuses the yardstick, too' \
		"$(cat "$out/held-yard.out")" 'refused open-group 16'
	same 'list vfio: it says who holds the group' \
		"$(query held-list '.groups[] | select(.holders != []) |
			"\(.number) \(.holders[0].command)"')" "$group grant"
	[ $cdev = no ] || check_not_granted held-cdev 'grant \(.*/dev/vfio/devices/'
	check_not_granted split "not viable: $gpu is on the host's driver"
	same 'inspect, split: the kernel calls the group not viable' \
		"$(head -n 1 "$out/split-yard.out")" 'viable 0'
	[ $cdev = no ] ||
		check_not_granted split-cdev "not viable: $gpu is on the host's driver"
	check_not_granted split-host 'not on a vfio driver'
	same 'list vfio: the group is seen not to be viable' \
		"$(grep -c '^VFIO  *not viable: 01:00.0 is on' \
			"$out/split-page.out")" 1
}

check_unsafe() {
	status_in 'no-IOMMU: inspect is done' unsafe 0
	status_in 'no-IOMMU: the yardstick is granted it too' unsafe-yard 0
	yard_words unsafe-yard group >"$part/right"
	in_yard_words unsafe group >"$part/found"
	same_file 'no-IOMMU: every number is the yardstick'\''s' \
		"$part/found" "$part/right"
	same 'no-IOMMU: the text says that nothing protects memory' \
		"$(grep -cE 'no IOMMU between|reaches all memory' \
			"$out/unsafe-text.out")" 2
	same 'no-IOMMU: list vfio has the node' \
		"$(query loaded '.nodes[]' | grep -c '^noiommu-')" 2
}
