# shellcheck shell=bash disable=SC2034,SC2054
# SPDX-License-Identifier: GPL-2.0-or-later
# A machine as it should be: VT-d with interrupt remapping, a boot GPU, and a
# second GPU with audio, an NVMe disk, a NIC and a USB keyboard, each behind a
# root port of its own that isolates it.

iommu=intel-iommu,intremap=on,caching-mode=on,device-iotlb=on
tables=DMAR
devices=(
	VGA,bus=pcie.0,addr=2.0
	pcie-root-port,id=rp1,bus=pcie.0,addr=3.0,multifunction=on,chassis=1,slot=1
	bochs-display,bus=rp1,addr=0.0,multifunction=on
	ich9-intel-hda,id=hda1,bus=rp1,addr=0.1
	hda-output,bus=hda1.0,audiodev=snd0
	pcie-root-port,id=rp2,bus=pcie.0,addr=3.1,chassis=2,slot=2
	nvme,bus=rp2,serial=s0,drive=nv0
	pcie-root-port,id=rp3,bus=pcie.0,addr=3.2,chassis=3,slot=3
	e1000e,bus=rp3,netdev=n0
	pcie-root-port,id=rp4,bus=pcie.0,addr=3.3,chassis=4,slot=4
	qemu-xhci,id=xhci,bus=rp4
	usb-kbd,bus=xhci.0
)
gpu=0000:01:00.0
nvme=0000:02:00.0
together=(0000:01:00.0 0000:01:00.1)
bind=yes
no_blocker=yes
kernels_of+=(lab)
