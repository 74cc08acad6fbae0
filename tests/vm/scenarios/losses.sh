# shellcheck shell=bash disable=SC2034,SC2054
# SPDX-License-Identifier: GPL-2.0-or-later
# A machine whose host uses all it has: a disk with a file system, a NIC with
# an address and the way out, a USB keyboard and mouse, sound that plays, two
# displays.  The guest makes use of them (guest/losses.sh).

iommu=intel-iommu,intremap=on,caching-mode=on,device-iotlb=on
tables=DMAR
suite=losses
devices=(
	VGA,bus=pcie.0,addr=2.0
	pcie-root-port,id=rp1,bus=pcie.0,addr=3.0,multifunction=on,chassis=1,slot=1
	virtio-gpu-pci,bus=rp1
	pcie-root-port,id=rp2,bus=pcie.0,addr=3.1,chassis=2,slot=2
	nvme,bus=rp2,serial=s0,drive=nv0
	pcie-root-port,id=rp3,bus=pcie.0,addr=3.2,chassis=3,slot=3
	e1000e,bus=rp3,netdev=n0
	pcie-root-port,id=rp4,bus=pcie.0,addr=3.3,chassis=4,slot=4
	qemu-xhci,id=xhci,bus=rp4
	usb-kbd,bus=xhci.0,port=1
	usb-mouse,bus=xhci.0,port=2
	pcie-root-port,id=rp5,bus=pcie.0,addr=3.4,chassis=5,slot=5
	ich9-intel-hda,id=hda1,bus=rp5
	hda-output,bus=hda1.0,audiodev=snd0
)
gpu=0000:01:00.0
nvme=0000:02:00.0
together=(0000:01:00.0)
