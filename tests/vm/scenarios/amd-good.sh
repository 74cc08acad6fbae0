# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# The good machine with AMD-Vi in VT-d's place.  QEMU's model of it breaks
# NVMe, HDA and xHCI under DMA translation, hence iommu=pt.

# shellcheck source-path=SCRIPTDIR source=intel-good.sh
. "$vm/scenarios/intel-good.sh"
kernels_of=(debian12 backports newest)
cpu_vendor=AuthenticAMD
iommu=amd-iommu,intremap=on
tables=IVRS
append=iommu=pt
