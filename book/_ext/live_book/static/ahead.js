// May Python be fetched before anybody asked for it? Only over a connection that is known to be fast and not
// metered: a browser that says nothing of it waits for the first press.

// Mbit/s: Python and NumPy, 11 MB, are there within 20 seconds
const FAST = 5;

export function isFast(connection) {
  if (!connection || connection.saveData || connection.type === "cellular") return false;
  return connection.effectiveType === "4g" && connection.downlink >= FAST;
}
