# shellcheck shell=bash disable=SC2034,SC2054
# SPDX-License-Identifier: GPL-2.0-or-later
# A GPU, a NIC and a third device behind one conventional PCI bridge: the
# IOMMU cannot tell them apart, so they are one group.

iommu=intel-iommu,intremap=on,caching-mode=on,device-iotlb=on
tables=DMAR
devices=(
	VGA,bus=pcie.0,addr=2.0
	pcie-root-port,id=rp1,bus=pcie.0,addr=5.0,chassis=1,slot=1
	pcie-pci-bridge,id=br1,bus=rp1
	secondary-vga,bus=br1,addr=1.0
	e1000,bus=br1,addr=2.0,netdev=n0
	edu,bus=br1,addr=3.0
)
gpu=0000:02:01.0
together=(0000:02:01.0 0000:02:02.0 0000:02:03.0)
findings=(group-shared-endpoints group-cause-conv-bridge)
