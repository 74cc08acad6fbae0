# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# The good Intel machine, but the kernel was told to leave VT-d off.

# shellcheck source-path=SCRIPTDIR source=intel-good.sh
. "$vm/scenarios/intel-good.sh"
append=intel_iommu=off
together=()
bind=no
no_blocker=no
first=intel-iommu-off-param
