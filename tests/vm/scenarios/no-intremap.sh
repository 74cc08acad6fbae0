# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# The good Intel machine, but its VT-d cannot remap interrupts.

# shellcheck source-path=SCRIPTDIR source=intel-good.sh
. "$vm/scenarios/intel-good.sh"
iommu=intel-iommu,intremap=off,caching-mode=on,device-iotlb=on
bind=no
no_blocker=no
first=no-interrupt-remapping
