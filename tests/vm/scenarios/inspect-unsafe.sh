# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# The same without an IOMMU at work, and VFIO told that it shall not matter.

. "$vm/scenarios/intel-good.sh"
suite=inspect
append=intel_iommu=off
together=()
bind=no
no_blocker=no
noiommu=yes
kernels_of=(lab)
