# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# The good Intel machine, but the virtual machine was given no IOMMU at all.

# shellcheck source-path=SCRIPTDIR source=intel-good.sh
. "$vm/scenarios/intel-good.sh"
iommu=
tables=
together=()
bind=no
no_blocker=no
first=vm-no-viommu
