# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of vfiotop for bash.  It asks no program: addresses and groups
# come from sysfs, of this machine or of the directory that -r names; the
# lists of names follow the program's tables (tests/lint/tables --bless).

# tables: words
_vfiotop_rules="iommu-owned-by-xen wsl-no-iommu vm-no-viommu cmdline-acpi-off
	cmdline-iommu-off intel-iommu-off-param intel-iommu-default-off
	vtd-disabled-in-firmware dmar-firmware-opt-out dmar-table-broken
	amd-iommu-off-param amdvi-disabled-in-firmware amd-stoney-quirk
	amd-sme-microcode ivrs-broken kernel-no-iommu-driver arm-no-smmu
	iommu-api-missing no-iommu-groups iommu-wedged intremap-off-param
	irq-remap-not-built irq-remap-erratum ivrs-missing-ioapic
	dmar-missing-ioapic no-interrupt-remapping unsafe-interrupts-enabled
	unsafe-flag-wrong-module vfio-not-built vfio-type1-missing
	vfio-not-loaded vfio-node-missing noiommu-mode iommu-faults
	dmar-no-address-width igpu-unmapped acs-override-active
	acs-override-unsupported acs-redir-disabled ecam-missing msi-disabled
	unknown-iommu-param kvm-unavailable memlock-low dev-vfio-ids-typo
	container-view iommu-passthrough-default amd-iommu-on-noop
	wrong-vendor-iommu-param x2apic-opt-out kvm-vfio-confusion
	posted-interrupts-off suspend-hazard vfio-virqfd-stale
	lockdown-active secure-boot dmesg-restricted config-unknown
	group-direct-region group-shared-endpoints group-cause-conv-bridge
	group-cause-port-no-acs group-cause-port-acs-off
	group-cause-mf-no-acs group-cause-dma-alias group-cause-unknown
	group-not-viable group-bridge-foreign-driver group-platform-device
	group-node-missing group-in-use-by-vm group-mixed-vfio
	group-node-perms group-relaxable-region group-contains-root-port-only
	group-size-one dev-no-iommu-group dev-stuck dev-config-ff
	dev-reset-failed dev-nvidia-usage-hang dev-vfio-denylist
	dev-rmrr-ineligible dev-vfio-probe-failed dev-bar-unassigned
	dev-root-fs dev-mounted-fs dev-usb-storage-mounted
	dev-storage-stacked dev-net-root dev-default-route dev-ssh-session
	dev-last-keyboard dev-sriov-pf-vfs-enabled dev-bar-reserve-failed
	dev-is-boot-gpu dev-display-active dev-sysfb-holds-bar
	dev-gpu-clients dev-only-gpu dev-console-fb dev-backlight-owner
	dev-net-up dev-audio-running dev-vfio-ids-not-taken dev-identical-ids
	dev-override-stale dev-builtin-competitor dev-uio-bound
	dev-shared-slot-functions dev-vfio-busy-blocked dev-no-reset
	dev-reset-bus-only-shared dev-amd-reset-bug dev-link-degraded
	dev-intx-shared dev-irq-nobody-cared dev-sriov-no-resources
	dev-vf-token dev-igd dev-igd-opregion-missing dev-behind-vmd
	dev-d3cold dev-untrusted dev-override-none-driver
	dev-vgaswitcheroo-off dev-variant-driver-available dev-vga-arb-legacy
	dev-atomicops-unsupported dev-rebar-enabled dev-large-bar-above4g
	dev-intx-broken-quirk dev-ats-quirk dev-reset-quirked dev-vfio-ready
	dev-bound-to-host-driver dev-unbound dev-sriov-capable
	dev-mdev-capable dev-numa-remote dev-link-slow dev-is-bridge
	dev-platform-critical"
_vfiotop_topics="topics unbind vfio-pci-alone nodes dependencies software-iommu
	kvm-vfio types group-container-iommufd uio unbind-in-use
	interrupt-remapping acs sriov vf-token mdev myths"
_vfiotop_gates="dev-amd-reset-bug dev-audio-running dev-backlight-owner
	dev-behind-vmd dev-bound-to-host-driver dev-claimed dev-config-ff
	dev-console-fb dev-d3cold dev-default-route dev-disk-open
	dev-display-active dev-driverctl-claim dev-gpu-clients
	dev-intx-broken-quirk dev-is-boot-gpu dev-is-bridge dev-last-keyboard
	dev-mdev-active dev-mdev-capable dev-mounted-fs dev-net-root
	dev-net-up dev-no-reset dev-only-gpu dev-own-terminal
	dev-platform-critical dev-reset-bus-only-shared dev-root-fs
	dev-sriov-no-resources dev-sriov-pf-vfs-enabled dev-ssh-session
	dev-storage-stacked dev-stuck dev-swap dev-sysfb-holds-bar
	dev-uio-bound dev-untrusted dev-vf-pf-elsewhere dev-vf-token
	dev-vmd-children group-bridge-foreign-driver group-direct-region
	group-in-use-by-vm group-not-viable group-platform-device
	group-shared-endpoints no-interrupt-remapping vfio-not-built"
# tables: end

_vfiotop_commands="explore list check explain capture diff export plan bind
	restore unbind vfs mdev reset power persist fix session inspect undo recover"
_vfiotop_lists="devices tree groups gpus usb storage iommus interrupts vfio holders
	vfs mdev uio drift history config log rules"
_vfiotop_options="-r --root --format --all --to --autoprobe --unload --linger --api --yes --accept --dry-run
	--color --ascii --help --version"

# Addresses and groups below $1, "" for this machine.
_vfiotop_subjects() {
	local path name
	for path in "$1"/sys/bus/pci/devices/*; do
		name=${path##*/}
		# Without a domain, unless one is being typed.
		[[ $name == 0000:* && $2 != 0000* ]] && name=${name#0000:}
		[[ $name == \* ]] || echo "$name"
	done
	for path in "$1"/sys/kernel/iommu_groups/*; do
		[[ $path == *\* ]] || echo "group:${path##*/}"
	done
}

_vfiotop_drivers() {
	local path
	for path in "$1"/sys/bus/pci/drivers/*; do
		[[ $path == *\* ]] || echo "${path##*/}"
	done
	echo vfio-pci
	echo best
}

# Sessions of one's own and of the machine.
_vfiotop_sessions() {
	local path
	for path in "${XDG_CONFIG_HOME:-$HOME/.config}"/vfiotop/sessions/*.json \
		/etc/vfiotop/sessions/*.json; do
		path=${path##*/}
		[[ $path == \** ]] || echo "${path%.json}"
	done
}

# Names in folder $1.
_vfiotop_names() {
	local path
	for path in "$1"/*; do
		[[ $path == *\* ]] || echo "${path##*/}"
	done
}

# What stands behind "mdev": $2 is its verb, $3 a parent, of $# words.
_vfiotop_mdev() {
	case $#:${2-} in
	1:) echo list create remove ;;
	2:create) _vfiotop_names "$1/sys/class/mdev_bus" ;;
	2:remove) _vfiotop_names "$1/sys/bus/mdev/devices" ;;
	3:create)
		_vfiotop_names "$1/sys/class/mdev_bus/$3/mdev_supported_types"
		;;
	esac
}

_vfiotop_files() {
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

_vfiotop_from() {
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

# The value of option $1, of which $2 is typed; false where it wants none.
_vfiotop_value() {
	case $1 in
	-r | --root) _vfiotop_files "$2" ;;
	--format) _vfiotop_from "text json" "$2" ;;
	--color) _vfiotop_from "auto never always" "$2" ;;
	--autoprobe) _vfiotop_from "on off" "$2" ;;
	--to) _vfiotop_from "$(_vfiotop_drivers "$root")" "$2" ;;
	--api) _vfiotop_from "group cdev" "$2" ;;
	--accept)
		# One of several, with commas between.
		local accepted=''
		[[ $2 == *,* ]] && accepted=${2%,*},
		compopt -o nospace 2>/dev/null
		_vfiotop_from "$_vfiotop_gates all" "${2##*,}"
		COMPREPLY=("${COMPREPLY[@]/#/$accepted}")
		;;
	*) return 1 ;;
	esac
}

_vfiotop() {
	local line=${COMP_LINE:0:COMP_POINT} cur='' before='' root='' word
	local -a typed=() words=()

	# Colons and = split words in bash; here they do not.
	read -ra typed <<<"$line"
	if [[ $line != *[[:blank:]] ]]; then
		cur=${typed[-1]}
		unset 'typed[-1]'
	fi
	COMPREPLY=()
	for word in "${typed[@]:1}"; do
		case $before in
		-r | --root) root=$word before='' ;;
		--format | --color | --to | --autoprobe | --api | --accept) before='' ;;
		*)
			before=''
			case $word in
			--root=*) root=${word#*=} ;;
			-r?*) root=${word#-r} ;;
			-*) before=$word ;;
			*) words+=("$word") ;;
			esac
			;;
		esac
	done
	[[ -d $root/sys ]] || root=/nowhere
	# What they plan is worded as what they do.
	[[ ${words[0]-} == plan && ${words[1]-} =~ ^(vfs|mdev|reset|power)$ ]] &&
		words=("${words[@]:1}")

	if _vfiotop_value "$before" "$cur"; then
		:
	elif [[ $cur == --*=* ]]; then
		_vfiotop_value "${cur%%=*}" "${cur#*=}"
		return
	elif [[ $cur == -* ]]; then
		_vfiotop_from "$_vfiotop_options" "$cur"
	elif [[ ${#words[@]} == 0 ]]; then
		_vfiotop_from "$_vfiotop_commands" "$cur"
	elif [[ ${words[0]} == plan && ${#words[@]} == 1 ]]; then
		_vfiotop_from "bind restore unbind persist vfs mdev reset power" "$cur"
	else
		case ${words[0]} in
		list)
			[[ ${#words[@]} == 1 ]] &&
				_vfiotop_from "$_vfiotop_lists" "$cur"
			;;
		session)
			if [[ ${#words[@]} == 1 ]]; then
				_vfiotop_from "list save start stop toggle status" \
					"$cur"
			elif [[ ${#words[@]} == 2 && ${words[1]} != list ]]; then
				_vfiotop_from "$(_vfiotop_sessions)" "$cur"
			elif [[ ${words[1]} == save ]]; then
				_vfiotop_from "$(_vfiotop_subjects "$root" \
					"$cur")" "$cur"
			fi
			;;
		export)
			if [[ ${#words[@]} == 1 ]]; then
				_vfiotop_from "qemu libvirt modprobe driverctl
					cmdline dot" "$cur"
			else
				_vfiotop_from "$(_vfiotop_subjects "$root" \
					"$cur")" "$cur"
			fi
			;;
		diff) [[ ${#words[@]} -le 2 ]] && _vfiotop_files "$cur" ;;
		capture) [[ ${#words[@]} == 1 ]] && _vfiotop_files "$cur" ;;
		check)
			_vfiotop_from "$(_vfiotop_subjects "$root" "$cur")
				system" "$cur"
			;;
		explain)
			[[ ${#words[@]} == 1 ]] && _vfiotop_from \
				"$(_vfiotop_subjects "$root" "$cur") system
				$_vfiotop_topics $_vfiotop_rules" "$cur"
			;;
		recover)
			[[ ${#words[@]} == 1 ]] &&
				_vfiotop_from "finish forget" "$cur"
			;;
		inspect)
			[[ ${#words[@]} == 1 ]] && _vfiotop_from \
				"$(_vfiotop_subjects "$root" "$cur")" "$cur"
			;;
		mdev)
			_vfiotop_from "$(_vfiotop_mdev "$root" "${words[@]:1}")" \
				"$cur"
			;;
		vfs)
			[[ ${#words[@]} == 1 ]] && _vfiotop_from \
				"$(_vfiotop_subjects "$root" "$cur")" "$cur"
			;;
		power)
			_vfiotop_from "$(_vfiotop_subjects "$root" "$cur")
				on auto" "$cur"
			;;
		plan | bind | restore | unbind | persist | reset)
			_vfiotop_from "$(_vfiotop_subjects "$root" "$cur")" \
				"$cur"
			;;
		esac
	fi

	# Bash replaces only what stands behind the last colon.
	if [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]]; then
		COMPREPLY=("${COMPREPLY[@]#"${cur%"${cur##*:}"}"}")
	fi
}

complete -F _vfiotop vfiotop
