# shellcheck shell=bash disable=SC2034,SC2054
# SPDX-License-Identifier: GPL-2.0-or-later
# Devices that come in parts: an NVMe controller with up to four virtual
# functions, and a NIC with an interrupt line for UIO, each behind a root port
# of its own that isolates it.

iommu=intel-iommu,intremap=on,caching-mode=on,device-iotlb=on
tables=DMAR
devices=(
	VGA,bus=pcie.0,addr=2.0
	pcie-root-port,id=rp1,bus=pcie.0,addr=3.0,multifunction=on,chassis=1,slot=1
	nvme-subsys,id=sub0
	nvme,id=ctl0,bus=rp1,serial=s0,subsys=sub0,sriov_max_vfs=4,sriov_vq_flexible=8,sriov_vi_flexible=8,max_ioqpairs=10,msix_qsize=10
	nvme-ns,drive=nv0,bus=ctl0,nsid=1
	pcie-root-port,id=rp2,bus=pcie.0,addr=3.1,chassis=2,slot=2
	e1000e,bus=rp2,netdev=n0
)
nvme=0000:01:00.0
nic=0000:02:00.0
together=(0000:01:00.0)
suite=parts
deadline=400
kernels_of+=(lab)
