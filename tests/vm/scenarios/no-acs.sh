# shellcheck shell=bash disable=SC2034,SC2054
# SPDX-License-Identifier: GPL-2.0-or-later
# Two root ports that are functions of one device and have no ACS: what lies
# behind them, a GPU and a NIC, shares a group.

iommu=intel-iommu,intremap=on,caching-mode=on,device-iotlb=on
tables=DMAR
devices=(
	VGA,bus=pcie.0,addr=2.0
	pcie-root-port,id=rp1,bus=pcie.0,addr=3.0,multifunction=on,chassis=1,slot=1,disable-acs=on
	bochs-display,bus=rp1
	pcie-root-port,id=rp2,bus=pcie.0,addr=3.1,chassis=2,slot=2,disable-acs=on
	e1000e,bus=rp2,netdev=n0
)
gpu=0000:01:00.0
together=(0000:01:00.0 0000:02:00.0)
findings=(group-shared-endpoints 'group-cause-port-no-acs|group-cause-mf-no-acs')
