/**
 * The page: no framework, no build, no data. It keeps the token that the address's fragment or the
 * person gives it in the tab's session storage; a fragment never leaves the browser.
 */
export const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hubless</title>
<style>
  :root { color-scheme: light dark; --line: #8884; --good: #2a9d4a; --bad: #d1242f; --idle: #888; }
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; }
  body { padding: 0 1rem; }
  h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
  .id { color: var(--idle); font-size: .8rem; font-weight: normal; overflow-wrap: anywhere; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
  .dot { display: inline-block; width: .7em; height: .7em; border-radius: 50%; margin-right: .5em; }
  .healthy { background: var(--good); } .unhealthy { background: var(--bad); }
  .unknown { background: var(--idle); }
  .bars { display: flex; height: 1.6rem; border-radius: .3rem; overflow: hidden; margin: .5rem 0; }
  .bars span { padding: 0 .5rem; color: white; background: #3566c4; white-space: nowrap; }
  .bars span:nth-child(2n) { background: #7a52b3; }
  form { margin: 1rem 0; } input { width: 30rem; max-width: 100%; }
</style>
</head>
<body>
<h1>Hubless</h1>
<p id="message" role="status">Reading fleets…</p>
<form id="sign-in" hidden>
  <p>Paste an access token, for example from
     <code>az account get-access-token --resource api://CLIENT_ID --query accessToken</code>.</p>
  <label>Token <input id="token" type="password" autocomplete="off"></label>
  <button>Show fleets</button>
</form>
<main id="fleets"></main>
<script>
const element = (name, text, attributes = {}) => {
  const created = Object.assign(document.createElement(name), attributes);
  if (text !== undefined) created.textContent = text;
  return created;
};
const fromFragment = new URLSearchParams(location.hash.slice(1)).get("token");
if (fromFragment) {
  sessionStorage.setItem("token", fromFragment);
  history.replaceState(null, "", location.pathname);
}
function row(member) {
  const tr = element("tr");
  const name = element("td");
  const dot = { className: "dot " + member.health, title: member.message };
  name.append(element("span", undefined, dot), member.name);
  tr.append(name);
  const shown = ["group", "location", "version", "state"];
  tr.append(...shown.map((key) => element("td", member[key])));
  return tr;
}
function section(fleet) {
  const box = element("section");
  const title = element("h2", fleet.name + " ");
  title.append(element("span", fleet.id, { className: "id" }));
  const bars = element("div", undefined, { className: "bars" });
  for (const { version, members } of fleet.versions) {
    const bar = element("span", (version || "not seen yet") + " × " + members);
    bar.style.flexGrow = members;
    bars.append(bar);
  }
  const table = element("table");
  const head = element("tr");
  const columns = ["Member", "Update group", "Location", "Kubernetes", "State"];
  head.append(...columns.map((text) => element("th", text)));
  table.append(head, ...fleet.members.map(row));
  box.append(title, bars, table);
  return box;
}
async function show() {
  const message = document.getElementById("message");
  const token = sessionStorage.getItem("token");
  const headers = { authorization: "Bearer " + token };
  const answer = token && await fetch("/dashboard/fleets", { headers });
  document.getElementById("sign-in").hidden = Boolean(answer && answer.status !== 401);
  if (!answer) { message.textContent = "Sign in to see your fleets."; return; }
  const body = await answer.json();
  message.textContent = answer.ok ? "Read " + new Date().toLocaleTimeString() : body.error;
  if (answer.ok) document.getElementById("fleets").replaceChildren(...body.fleets.map(section));
}
document.getElementById("sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("token", document.getElementById("token").value.trim());
  show();
});
const again = () => show().catch(() => {
  document.getElementById("message").textContent = "No answer; trying again.";
});
again();
setInterval(() => { if (!document.hidden) again(); }, 5000);
</script>
</body>
</html>
`;
