// Numbers and times as people read them. Nothing here touches the page.

const manyDigits = new Intl.NumberFormat("en");
const dayAlone = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const moment = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: "UTC" });

// 1234 is "1,234".
function formatNumber(n) {
  return manyDigits.format(n);
}

// 2 and "call" are "2 calls".
function plural(n, one) {
  return formatNumber(n) + " " + one + (n === 1 ? "" : "s");
}

// Seconds of the epoch as "23 Nov 2026", "" for 0.
function formatDay(seconds) {
  return seconds ? dayAlone.format(new Date(seconds * 1000)) : "";
}

// A UTC day, 2026-11-23, as "23 Nov 2026".
function formatDate(day) {
  return dayAlone.format(new Date(day + "T00:00:00Z"));
}

// Seconds of the epoch as "2026-11-23 15:04:05 UTC", "" for 0.
function formatTime(seconds) {
  return seconds ? new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ") + " UTC" : "";
}

// Seconds of the epoch as "23 Nov, 15:04", "" for 0.
function formatMoment(seconds) {
  return seconds ? moment.format(new Date(seconds * 1000)) : "";
}

// "fix 1 of 2" is "Fix 1 of 2".
function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// sentence begins with a capital where it begins with a plain word. Names that
// mean something as they are written, aws:SourceIp, stay so.
function sentence(text) {
  return /^[a-z]+(?:'s)?[ ,]/.test(text) ? capital(text) : text;
}
