"""Claims about the auxiliary load switch: which tariffs close it. Sources: AUX-1, AUX-2 and the assumption MOD-32."""

from properties.smets1.claims.requests import ACCEPTED
from statemachines import after, always, is_a, sometimes
from statemachines.smets1.auxiliary_load import LoadSwitch, load_switch
from statemachines.smets1.releases import Release, release
from statemachines.smets1.vocabulary import IOC, Device, Tariff, UpdateTariff, group, meter, tariff

APPLIES = is_a(UpdateTariff) & ACCEPTED & (meter == Device.ESME) & (load_switch == LoadSwitch.OPEN)
CLOSES = (load_switch == LoadSwitch.OPEN) & (after(load_switch) == LoadSwitch.CLOSED)
BEFORE_NOVEMBER = release < Release.NOVEMBER_2020

CLAIMS = (
    always(
        "for IOC with Uplift 1.2, until November 2020, a two-rate tariff with identical prices closes the switch",
        when=APPLIES & (tariff == Tariff.IDENTICAL_PRICES) & group.is_in(*IOC) & (release == Release.UPLIFT_1_2),
        then=after(load_switch) == LoadSwitch.CLOSED,
        rules="AUX-1",
    ),
    always(
        "for IOC before Uplift 1.2, too, a two-rate tariff with identical prices closes the switch",
        when=APPLIES & (tariff == Tariff.IDENTICAL_PRICES) & group.is_in(*IOC) & (release < Release.UPLIFT_1_2),
        then=after(load_switch) == LoadSwitch.CLOSED,
        rules="MOD-55",
    ),
    always(
        "for IOC from the November 2020 release on, a two-rate tariff with different prices closes the switch",
        when=APPLIES & (tariff == Tariff.DIFFERENT_PRICES) & group.is_in(*IOC) & ~BEFORE_NOVEMBER,
        then=after(load_switch) == LoadSwitch.CLOSED,
        rules="AUX-2",
    ),
    always(
        "for IOC from the November 2020 release on, only different prices close the switch",
        when=CLOSES & group.is_in(*IOC) & ~BEFORE_NOVEMBER,
        then=tariff == Tariff.DIFFERENT_PRICES,
        rules="AUX-2",
    ),
    always(
        "outside of IOC different prices have always closed the switch",
        when=APPLIES & (tariff == Tariff.DIFFERENT_PRICES) & ~group.is_in(*IOC),
        then=after(load_switch) == LoadSwitch.CLOSED,
        rules="MOD-32",
    ),
    always(
        "outside of IOC only different prices have ever closed the switch",
        when=CLOSES & ~group.is_in(*IOC),
        then=tariff == Tariff.DIFFERENT_PRICES,
        rules="MOD-32",
    ),
    always(
        "for IOC different prices have closed the switch before the November 2020 release as well",
        when=APPLIES & (tariff == Tariff.DIFFERENT_PRICES) & group.is_in(*IOC) & BEFORE_NOVEMBER,
        then=after(load_switch) == LoadSwitch.CLOSED,
        rules="MOD-32",
    ),
    always(
        "any other tariff leaves the switch as it is",
        when=is_a(UpdateTariff) & (tariff == Tariff.OTHER),
        then=after(load_switch) == load_switch,
        rules="MOD-32",
    ),
    always(
        "no tariff opens the switch again",
        when=is_a(UpdateTariff) & (load_switch == LoadSwitch.CLOSED),
        then=after(load_switch) == LoadSwitch.CLOSED,
        rules="MOD-32",
    ),
    always(
        "nothing but a two-rate tariff that is applied to the ESME moves the switch",
        when=after(load_switch) != load_switch,
        then=is_a(UpdateTariff)
        & (meter == Device.ESME)
        & tariff.is_in(Tariff.IDENTICAL_PRICES, Tariff.DIFFERENT_PRICES)
        & ACCEPTED,
        rules="MOD-32",
    ),
    always(
        "no tariff of a gas meter moves the switch, which is on the ESME",
        when=is_a(UpdateTariff) & (meter == Device.GSME),
        then=after(load_switch) == load_switch,
        rules="SYS-4",
    ),
    sometimes("there may be no auxiliary load switch", of=load_switch == LoadSwitch.ABSENT, rules="MOD-45"),
    always(
        "where there is no switch there comes none",
        when=load_switch == LoadSwitch.ABSENT,
        then=after(load_switch) == LoadSwitch.ABSENT,
        rules="MOD-45",
    ),
)
