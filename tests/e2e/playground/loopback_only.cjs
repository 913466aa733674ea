// Loaded before Microsoft's playground for bots, which listens on every interface, and looks about on the network even
// where its telemetry is turned off; it has no setting for either. So nobody reaches it from elsewhere, and it nobody.
const { Server, Socket } = require("node:net");

const HERE = ["127.0.0.1", "localhost"];

const listen = Server.prototype.listen;
Server.prototype.listen = function (port, ...rest) {
  if (typeof port === "object") return listen.call(this, { ...port, host: HERE[0] }, ...rest);
  if (typeof rest[0] === "string") rest.shift();
  return listen.call(this, port, HERE[0], ...rest);
};

const connect = Socket.prototype.connect;
Socket.prototype.connect = function (...args) {
  const [first, second] = Array.isArray(args[0]) ? args[0] : args; // Node itself hands them on as one array
  const host = typeof first === "object" ? first.host : second;
  if (HERE.includes(host)) return connect.apply(this, args);
  const refused = Object.assign(new Error(`${host} is not on this machine`), { code: "ECONNREFUSED" });
  setImmediate(() => this.destroy(refused));
  return this;
};
