# shellcheck shell=bash disable=SC2034,SC2154
# SPDX-License-Identifier: GPL-2.0-or-later
# A guest with an IOMMU of virtio.  Debian's first kernel has no driver for
# it, the later ones have.

# shellcheck source-path=SCRIPTDIR source=intel-good.sh
. "$vm/scenarios/intel-good.sh"
iommu=virtio-iommu-pci
tables=VIOT
bind=no
no_blocker=no
first=no-interrupt-remapping
kernels_of=(backports newest)
