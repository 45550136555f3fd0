"""What this project assumes: the choices that the model has to make and that no source makes for it.

Each is a rule of the register with an id beginning `MOD`, and shows as an assumption wherever it is cited. Ids are not
used again: there is no MOD-19 and no MOD-24.
"""

from statemachines.language.rules import Rule

NO_SOURCE = "none: a modelling assumption"
"""The source of a rule that no source says."""


def _assumed(rule_id: str, statement: str, *, decides: str = "") -> Rule:
    return Rule(rule_id, statement, NO_SOURCE, "all", decides=decides)


ASSUMPTIONS = (
    _assumed(
        "MOD-1",
        "The alert of READ-2 is raised at the S1SP.",
        decides="at",
    ),
    _assumed(
        "MOD-2",
        "A change of the supplier whose firmware it is ends the upgrade in hand: the delivered image can no "
        "longer be activated, and a future-dated activation lapses.",
    ),
    _assumed(
        "MOD-3",
        "A further image takes the place of the image in hand, and an activation of the earlier image that is "
        "pending lapses.",
    ),
    _assumed(
        "MOD-4",
        "A cancellation cancels the pending activation, whatever hash it names; where nothing is pending it "
        "is rejected.",
    ),
    _assumed(
        "MOD-5",
        "The FirmwareHash of an activation is the SHA-256 digest of the whole decoded FirmwareImage that was "
        "delivered.",
    ),
    _assumed(
        "MOD-6",
        "Before Uplift 1.2 a request to update or activate firmware on a PPMID is rejected by the DSP.",
    ),
    _assumed(
        "MOD-7",
        "The firmware of a Communications Hub is updated and activated at its CHF; a request to do so at the "
        "GPF is rejected by the S1SP.",
    ),
    _assumed(
        "MOD-8",
        "Within one party, checks are made in this order: the RequestID, migration, role and registration, whether "
        "there is gas, whose device it is, the device's status, whether its hub reaches it, who may touch its "
        "firmware, the release; at the device, whether an image is in hand before its hash; of an event, in the order "
        "in which this model lists them.",
    ),
    _assumed(
        "MOD-9",
        "The DCO has one package for each installation, with the keys of its devices; the report speaks of a package "
        "for each device and for the installation alike. From the migration of an installation on, it holds the keys "
        "of every device but the PPMID.",
    ),
    _assumed(
        "MOD-10",
        "An activation of the delivered image while one is pending takes its place: at once the image is activated, or "
        "it is for its own date.",
    ),
    _assumed(
        "MOD-11",
        "Uplift 1.2 is in force on no day up to the report of 25 September 2020, which speaks of it as still to "
        "come, and the November 2020 maintenance release on no day before that November. That both are in force on "
        "every day after it takes what the report plans for done.",
    ),
    _assumed(
        "MOD-12",
        "Once an image runs, it is no longer in hand: it has to be delivered again to be activated again.",
    ),
    _assumed(
        "MOD-13",
        "A request names one device of the installation; a device that is absent is one that is not commissioned.",
    ),
    _assumed(
        "MOD-14",
        "It is the DCO that rejects an activation for want of keys; the report says only that it is rejected.",
        decides="at",
    ),
    _assumed(
        "MOD-15",
        "An update of firmware is answered when the image is with the device, although the matrix counts SRV "
        "11.1 as a request that is not for a device.",
        decides="at",
    ),
    _assumed(
        "MOD-16",
        "The JIP change request is concluded on the day of the report, 25 September 2020, or on any later day; "
        "that it is due on 8 October 2020 binds nobody.",
    ),
    _assumed(
        "MOD-17",
        "Re-designation waits for the JIP change request to be concluded, for only then is it known whether "
        "revised documents have to go before it.",
    ),
    _assumed(
        "MOD-18",
        "Where re-designation waits for the key packages (DES-6), it waits for Uplift 1.2 to be in force, even where "
        "no migrated installation lacks keys: one migrated later, and still before Uplift 1.2, would.",
    ),
    _assumed(
        "MOD-20",
        "A further consultation on the date is held once 29 October 2020 has passed, and allows re-designation on "
        "any day after it.",
    ),
    _assumed(
        "MOD-21",
        "An installation without a PPMID lacks none of its keys: the DCC is compliant as far as it goes, and "
        "re-designation does not wait for it.",
    ),
    _assumed(
        "MOD-22",
        "FOC installations can be migrated at any time, and their key packages are filled and updated like any "
        "other's, although the TMAD AL 7.0 does not cover FOC, and FOC live comes later than the report.",
    ),
    _assumed(
        "MOD-23",
        "The initial period in which DCC updates the key packages has no end: an update may come whenever Uplift "
        "1.2 or a later release is in force, site by site, in any order.",
    ),
    _assumed(
        "MOD-25",
        "While an installation is with its SMSO, every device in its place is installed and not commissioned.",
    ),
    _assumed(
        "MOD-26",
        "A migration commissions the Communications Hub when commissioning starts, and every other device that is "
        "there, at once, when it is complete.",
    ),
    _assumed(
        "MOD-27",
        "The SMI status of a device is pending, whitelisted, installed not commissioned, commissioned, suspended or "
        "decommissioned. After migration a device on the HAN takes these steps: Device Pre-notification (12.2) makes a "
        "device that is absent or decommissioned pending; Update HAN Device Log (8.11) whitelists it, or takes that "
        "back; it is installed when it joins the HAN; Commission Device (8.1.1) commissions a meter and Join Service "
        "(8.7.2) a PPMID. Decommission Device (8.3) decommissions any device that is installed; no other "
        "Communications Hub takes the place of one that is decommissioned. The DSP keeps the inventory and rejects "
        "what does not fit.",
    ),
    _assumed(
        "MOD-28",
        "The DCC may suspend a commissioned device of a migrated installation, and end the suspension; the device "
        "is then commissioned again.",
    ),
    _assumed(
        "MOD-29",
        "Decommissioning a device ends what its firmware lifecycle had in hand or running, for another device may "
        "take its place; decommissioning a PPMID takes its keys out of the key package.",
    ),
    _assumed(
        "MOD-30",
        "Suspending a device ends a firmware upgrade in hand, a pending activation included; the firmware that "
        "runs goes on running, and the key package stays as it is.",
    ),
    _assumed(
        "MOD-31",
        "The change of PIN-4 comes with Uplift 1.2. Migration revises the PIN when commissioning starts, and a "
        "migration that fails leaves the Installing Supplier with the current PIN again. Outside of CA it "
        "revises none. The DCC may provide the revised PIN at any time from then on, before or after the end of the "
        "migration, and of a meter that was migrated before the change as well; nothing waits for it.",
    ),
    _assumed(
        "MOD-32",
        "Cohorts other than IOC close the auxiliary load switch, before the November 2020 maintenance release and"
        " from it on, only where the prices of a two-rate tariff differ; for IOC, different prices close it "
        "before the November 2020 maintenance release as well. Every other tariff leaves the switch as it is, and"
        " nothing here opens it again.",
    ),
    _assumed(
        "MOD-33",
        "Of the requests that are modelled only a tariff has data values. They are compared with the set limits after "
        "the S1SP's other checks, and Anomaly Detection comes last; what is quarantined comes to neither the DCO nor "
        "the device while it is, and what is deleted never does.",
    ),
    _assumed(
        "MOD-34",
        "Failed attempts to migrate are counted, up to five, only where the rule of 2021 applies; once an "
        "installation is migrated they no longer matter. Until it is excluded it may be tried again, however "
        "often it failed; once it is, it stays so.",
    ),
    _assumed(
        "MOD-35",
        "Data that are not valid end the attempt to migrate, and that is a failed attempt.",
    ),
    _assumed(
        "MOD-36",
        "A request to update or activate PPMID firmware is decided alike whichever DUIS version its sender has "
        "adopted: the schema is unchanged, so that the request cannot show it.",
    ),
    _assumed(
        "MOD-37",
        "What is refused after its acknowledgement is answered by whoever refuses it; what the DSP carries out "
        "itself, it answers without an acknowledgement.",
    ),
    _assumed(
        "MOD-38",
        "A tariff reaches commissioned meters only, as firmware requests reach commissioned devices only.",
    ),
    _assumed(
        "MOD-39",
        "Leading zeros have counted for nothing, for IOC, since Uplift 1.2; before it, IOC compared MPRNs as "
        "given, like the other cohorts.",
    ),
    _assumed(
        "MOD-40",
        "Where there is no Gas Supplier there is no gas meter and no MPRN: none is compared, and no request "
        "about a gas meter is accepted.",
    ),
    _assumed(
        "MOD-41",
        "A Supplier sends what is for a device (1.1.1, 8.1.1, 8.3, 8.11) to devices of its own only: the "
        "Electricity Supplier to an ESME, the Gas Supplier to a GSME; decommissioning a PPMID or a Communications"
        " Hub is for the Electricity Supplier, who is responsible for their firmware. Any role that the matrix "
        "opens them to may pre-notify any device (12.2), join a PPMID (8.7.2) and have a PPMID added to a HAN "
        "device log or removed (8.11), and an Other User any device (8.11).",
    ),
    _assumed(
        "MOD-42",
        "What becomes of the Communications Hub leaves the status of the devices behind it as it is. Once it is "
        "decommissioned, the DSP rejects what would reach a device through it; while it is suspended, requests go on "
        "reaching the devices that are commissioned.",
    ),
    _assumed(
        "MOD-43",
        "A PPMID that is joined after migration, by Join Service (8.7.2), gets its keys into the package like one "
        "that is joined in the migration: from Uplift 1.2 on with the Join, and before it not.",
    ),
    _assumed(
        "MOD-44",
        "The parties come in this order: the DSP, the S1SP, for a Critical Command the DCO, the device. Each sees "
        "what the one before it let pass, and what a party refuses goes no further.",
    ),
    _assumed(
        "MOD-45",
        "The gas side and the PPMID of an installation may be absent, and so may an auxiliary load control switch.",
    ),
    _assumed(
        "MOD-46",
        "A Supplier that is not registered at the premises in a role that the SRV is open to is rejected, and its "
        "request changes nothing.",
    ),
    _assumed(
        "MOD-47",
        "It is the S1SP that compares data values with the set limits, and that quarantines what Anomaly "
        "Detection catches.",
        decides="at",
    ),
    _assumed(
        "MOD-48",
        "A request whose RequestID was used before is rejected without effect.",
    ),
    _assumed(
        "MOD-49",
        "What the DCC sends the Electricity Supplier is the same whoever the Gas Supplier is: it cannot identify "
        "the Gas Supplier at all.",
    ),
    _assumed(
        "MOD-50",
        "An image can be activated only where it was first delivered; the activation of another image (another "
        "hash) fails, and the running firmware stays.",
    ),
    _assumed(
        "MOD-51",
        "What rules have rejected without saying by whom, the DSP rejects: requests from a role that the SRV is "
        "not open to, and firmware requests from others than the Electricity Supplier for its PPMID and its "
        "Communications Hub.",
        decides="at",
    ),
    _assumed(
        "MOD-52",
        "Installations of FOC do not count where it is asked whether key packages lack the keys of PPMIDs.",
        decides="reason",
    ),
    _assumed(
        "MOD-53",
        "Before Uplift 1.2, too, reading the firmware of an IOC PPMID returns an alert.",
    ),
    _assumed(
        "MOD-54",
        "The version that SRV 11.2 returns is the one that is running.",
        decides="response",
    ),
    _assumed(
        "MOD-55",
        "Before Uplift 1.2, too, a two-rate tariff with identical prices closes the auxiliary load switch of an "
        "IOC installation.",
    ),
    _assumed(
        "MOD-56",
        "The Installing Supplier is the Supplier that installed the meter. It stays so, and may have ceased to "
        "supply the premises.",
    ),
    _assumed(
        "MOD-57",
        "No installation is operated by its SMSO and by the DCC at once, or by neither.",
    ),
    _assumed(
        "MOD-58",
        "After migration, too, a device is commissioned only behind a Communications Hub that is.",
    ),
    _assumed(
        "MOD-59",
        "The version of a document that is in the SEC after re-designation has the number of its draft.",
    ),
    _assumed(
        "MOD-60",
        "A release may come into force before or after re-designation, and neither brings the other with it.",
    ),
    _assumed(
        "MOD-61",
        "A departure that the Use of DUIS Guidance note discloses is not thereby compliant.",
    ),
)
