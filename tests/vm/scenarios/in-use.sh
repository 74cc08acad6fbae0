# shellcheck shell=bash disable=SC2034,SC2054
# SPDX-License-Identifier: GPL-2.0-or-later
# The good Intel machine with what can be in use: an NVMe disk that has virtual
# functions, two NICs of the same kind, and a USB controller with the only
# keyboard, since the board has none of its own.

iommu=intel-iommu,intremap=on,caching-mode=on,device-iotlb=on
tables=DMAR
board=q35,i8042=off
devices=(
	VGA,bus=pcie.0,addr=2.0
	pcie-root-port,id=rp1,bus=pcie.0,addr=3.0,multifunction=on,chassis=1,slot=1
	bochs-display,bus=rp1,addr=0.0,multifunction=on
	ich9-intel-hda,id=hda1,bus=rp1,addr=0.1
	hda-output,bus=hda1.0,audiodev=snd0
	pcie-root-port,id=rp2,bus=pcie.0,addr=3.1,chassis=2,slot=2
	nvme-subsys,id=sub0
	nvme,id=ctl0,bus=rp2,serial=s0,subsys=sub0,sriov_max_vfs=4,sriov_vq_flexible=8,sriov_vi_flexible=8,max_ioqpairs=10,msix_qsize=10
	nvme-ns,drive=nv0,bus=ctl0,nsid=1
	pcie-root-port,id=rp3,bus=pcie.0,addr=3.2,chassis=3,slot=3
	e1000e,bus=rp3,netdev=n0
	pcie-root-port,id=rp4,bus=pcie.0,addr=3.3,chassis=4,slot=4
	qemu-xhci,id=xhci,bus=rp4
	usb-kbd,bus=xhci.0
	pcie-root-port,id=rp5,bus=pcie.0,addr=3.4,chassis=5,slot=5
	e1000e,bus=rp5
)
gpu=0000:01:00.0
nvme=0000:02:00.0
together=(0000:01:00.0 0000:01:00.1)
nic=0000:03:00.0
twin=0000:05:00.0
sound=0000:01:00.1
usb=0000:04:00.0
suite=in-use
deadline=1200
