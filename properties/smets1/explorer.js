/* How the explorer recognises a DUIS Service Request. SRVS has, by SRV: its type in the model, who may send it, its name. */

const NAMESPACE = "http://www.dccinterface.co.uk/ServiceUserGateway";
const CANCELLATION = Date.UTC(3000, 11, 31);

explorer.readers.push((text) => {
  if (!text.trimStart().startsWith("<")) return null;
  const root = new DOMParser().parseFromString(text, "application/xml").documentElement;
  const all = (name) => [...root.getElementsByTagNameNS(NAMESPACE, name)].map((one) => one.textContent.trim());
  if (root.namespaceURI !== NAMESPACE || root.localName !== "Request") return "it is no Service Request of DUIS";
  const [originator, target] = (all("RequestID")[0] ?? "").split(":");
  const srv = all("ServiceReferenceVariant")[0];
  if (!originator || !target) return "it has no RequestID";
  if (!(srv in SRVS)) return `its SRV is ${srv ?? "missing"}, and no such SRV is known`;
  const [type, openTo, name] = SRVS[srv];
  const fields = {};
  const identities = { sender: originator };
  const notes = [];
  const about = all("DeviceIDList")[0] ?? all("DeviceID")[0] ?? target;
  if (all("DeviceIDList").length > 1) notes.push("it names several devices: this is the first");
  if (type === "OtherServiceRequest") {
    fields.open_to = openTo;
    notes.push("what this SRV does is not modelled: who may send it is");
  }
  if (type === "UpdateFirmware" || type === "ReadFirmwareVersion" || type === "ActivateFirmware") identities.target = about;
  if (type === "UpdateTariff" || type === "CommissionDevice") identities.meter = target;
  if (type === "DecommissionDevice") identities.device = about;
  if (type === "UpdateTariff") notes.push("the page does not read prices: say which tariff it is");
  if (type === "UpdateHanDeviceLog") {
    identities.han_device = about;
    fields.log_change = all("RequestType")[0] === "Add" ? "add" : "remove";
  }
  if (type === "PreNotifyDevice") fields.han_device = all("DeviceType")[0];
  if (type === "ActivateFirmware") {
    const execution = all("ExecutionDateTime")[0];
    fields.timing = !execution ? "immediate" : Date.parse(execution) === CANCELLATION ? "cancellation" : "future-dated";
  }
  return { title: `SRV ${srv} ${name}`, type, fields, identities, notes };
});
