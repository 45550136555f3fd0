// A target in JavaScript: the firmware of a PPMID, as the DSP, the S1SP and the DCO handle requests about it.
// It speaks JSON lines on its standard input and output, needs Node.js 20 and nothing else, and was written to show how
// little a target needs. Everything that it does not have, its statement says.

import { createInterface } from "node:readline";

const STATEMENT = {
  name: "PPMID firmware in Node.js",
  version: "1",
  starts: "any",
  parallel: true,
  requests: [
    "11.1",
    "11.2",
    "11.3",
    "DeployRelease",
    "UpdateKeyPackage",
    "ChangeElectricitySupplier",
    "ChangeGasSupplier",
    "AdoptDuis",
    "SuspendDevice",
    "EndSuspension",
    "ReachActivationDate",
  ],
  devices: ["PPMID"],
  not_supported: {
    ESME: "this target is about the PPMID",
    GSME: "this target is about the PPMID",
    CHF: "this target is about the PPMID",
    GPF: "this target is about the PPMID",
  },
};

const RELEASES = ["before Uplift 1.2", "Uplift 1.2", "November 2020 maintenance"];
const UPLIFT = 1, NOVEMBER = 2;
const IOC = ["CA (IOC, Elster gas meters)", "another IOC group"];
const FOC = ["EA (FOC)", "EB (FOC)"];
const FOC_CAME_IN = ["FOC comes into scope", "FOC comes into scope, and revised DUIS and S1SR are submitted"];
const WITH_KEYS = "with the PPMID's keys", WITHOUT_KEYS = "without the PPMID's keys";
const NONE = "no image in hand", DELIVERED = "image delivered";
const PENDING = "activation pending", UPGRADED = "delivered image runs";

// How things stand; a reset says all of it, in words.
let home = {};
const since = (release) => RELEASES.indexOf(home.release) >= release;
const inHand = () => home.ppmid_firmware === DELIVERED || home.ppmid_firmware === PENDING;

const verdict = (outcome, at, reason, response = null) => ({ outcome, at, reason, response });
const rejected = (at, reason) => verdict("rejected", at, reason);
const done = (reason, response) => verdict("accepted", "device", reason, response);
const happened = () => verdict("happened", "premises", "nothing stands in its way");
const cannotHappen = (reason) => verdict("cannot happen", "premises", reason);

// Service Requests: each party looks at one in turn, and the first that has something against it answers.

function atDsp({ type, sender, request_id }) {
  const upgrade = type !== "ReadFirmwareVersion";
  if (request_id === "repeated") return "the RequestID was used before";
  if (home.migration !== "migrated to the DCC") return "the installation is not migrated to the DCC";
  const supplier = sender.startsWith("Supplier ");
  if (!supplier && upgrade) return "the SRV is not open to the sender's role";
  if (supplier && sender !== home.electricity_supplier && sender !== home.gas_supplier)
    return "the supplier is not registered at the premises in a role that the SRV is open to";
  if (home.ppmid_status !== "commissioned") return "the device is not commissioned";
  if (home.chf_status === "decommissioned")
    return "the Communications Hub is decommissioned, so that no device behind it is reached";
  if (!upgrade) return null;
  if (sender !== home.electricity_supplier) return "only the Electricity Supplier may touch this device's firmware";
  if (!since(UPLIFT)) return "PPMID firmware functionality comes with Uplift 1.2, which is not in force";
  return null;
}

function atS1sp({ type, screening }) {
  if (type === "ReadFirmwareVersion") {
    if (IOC.includes(home.group) && !since(NOVEMBER))
      return ["alert", "an IOC PPMID's firmware cannot be read before the November 2020 maintenance release"];
  } else if (FOC.includes(home.group)) {
    return ["not-processed", FOC_CAME_IN.includes(home.jip)
      ? "PPMID firmware for FOC came into scope, and what becomes of the request is not said"
      : "PPMID firmware is out of scope for FOC"];
  }
  return screening.startsWith("caught") ? ["held", "Anomaly Detection has caught the request"] : null;
}

function activate({ image, timing }) {
  if (timing === "cancellation") {
    if (home.ppmid_firmware !== PENDING) return rejected("device", "no activation is pending to be cancelled");
    home.ppmid_firmware = DELIVERED;
    return done("the pending activation is cancelled");
  }
  if (!inHand()) return rejected("device", "no image is in hand to be activated");
  if (image !== "the delivered image") return rejected("device", "the hash is not that of the delivered image");
  const later = timing === "future-dated";
  home.ppmid_firmware = later ? PENDING : UPGRADED;
  return done(later ? "the device holds the activation until its date" : "the delivered image is activated");
}

function serviceRequest(request) {
  const objection = atDsp(request);
  if (objection) return rejected("DSP", objection);
  const held = atS1sp(request);
  if (held) return verdict(held[0], "S1SP", held[1]);
  if (request.type === "ActivateFirmware") {
    if (home.key_package !== WITH_KEYS) return rejected("DCO", "the DCO does not hold the device's keys");
    return activate(request);
  }
  if (request.type === "UpdateFirmware") {
    home.ppmid_firmware = DELIVERED;
    return done("the image is delivered");
  }
  const version = home.ppmid_firmware === UPGRADED
    ? "the version of the image that was delivered"
    : "the version that has been running";
  return done("the device answers with the version that is running", version);
}

// Events around the installation.

const EVENTS = {
  DeployRelease() {
    if (since(NOVEMBER)) return cannotHappen("no later release is known");
    home.release = RELEASES[RELEASES.indexOf(home.release) + 1];
  },
  UpdateKeyPackage() {
    const inService = ["commissioned", "suspended"].includes(home.ppmid_status);
    if (!since(UPLIFT)) return cannotHappen("before Uplift 1.2 no key package holds a PPMID's keys");
    if (home.key_package !== WITHOUT_KEYS || !inService)
      return cannotHappen("the key package lacks no keys of a commissioned or suspended PPMID");
    home.key_package = WITH_KEYS;
  },
  ChangeElectricitySupplier({ to }) {
    if (to === home.electricity_supplier) return cannotHappen("that party is the supplier already");
    home.electricity_supplier = to;
    lapse();
  },
  ChangeGasSupplier({ to }) {
    if (home.gas_supplier === "nobody") return cannotHappen("there is no gas, and so no Gas Supplier");
    if (to === home.gas_supplier) return cannotHappen("that party is the supplier already");
    home.gas_supplier = to;
  },
  AdoptDuis() {
    if (home.older_duis === "nobody") return cannotHappen("every Supplier has adopted the revised DUIS");
    home.older_duis = "nobody";
  },
  SuspendDevice() {
    if (home.migration !== "migrated to the DCC" || home.ppmid_status !== "commissioned")
      return cannotHappen("only a commissioned device of a migrated installation is suspended");
    home.ppmid_status = "suspended";
    lapse();
  },
  EndSuspension() {
    if (home.ppmid_status !== "suspended") return cannotHappen("the device is not suspended");
    home.ppmid_status = "commissioned";
  },
  ReachActivationDate() {
    if (home.ppmid_firmware !== PENDING) return cannotHappen("no activation is pending");
    home.ppmid_firmware = UPGRADED;
  },
};

function lapse() {
  if (inHand()) home.ppmid_firmware = NONE;
}

// The protocol: a message a line, an answer a line.

function send(request) {
  if (["UpdateFirmware", "ReadFirmwareVersion", "ActivateFirmware"].includes(request.type)) {
    if (request.target !== "PPMID") throw new Error(`${request.target} is not the PPMID`);
    return serviceRequest(request);
  }
  if (!Object.hasOwn(EVENTS, request.type)) throw new Error(`${request.type} is not supported`);
  if (request.device && request.device !== "PPMID") throw new Error(`${request.device} is not the PPMID`);
  return EVENTS[request.type](request) ?? happened();
}

function answer(message) {
  switch (message.op) {
    case "describe":
      return { statement: STATEMENT };
    case "reset":
      home = { ...message.state };
      return { ok: true };
    case "send":
      return { verdict: send(message.request) };
    default:
      throw new Error(`op is ${message.op}, expected describe, reset or send`);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  let id = null;
  try {
    const message = JSON.parse(line);
    id = message.id;
    console.log(JSON.stringify({ id, ...answer(message) }));
  } catch (error) {
    console.log(JSON.stringify({ id, error: error.message }));
  }
}
