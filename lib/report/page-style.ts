/** Colours, as text on their background at least 4.5 to 1, which differ in lightness as well as in hue. */
const light = `--back:#fff;--card:#f4f5f7;--text:#16191d;--muted:#545b64;--line:#b9c0c8;--link:#0b57a4;
--bad:#b3261e;--unprotected:#7a2f77;--unknown:#51565d;--risk:#8a5200;--ready:#00624a;
--valid:#4b7fb5;--chosen:#00624a;--elsewhere:#8a5200;--logs:#7fb3a2`;
const dark = `--back:#121518;--card:#1c2126;--text:#e8eaed;--muted:#a8b0b9;--line:#4a525b;--link:#8ab8f0;
--bad:#ff8f80;--unprotected:#e2a6df;--unknown:#bcc2c9;--risk:#f0b95a;--ready:#5fd3ac;
--valid:#6fa3d8;--chosen:#5fd3ac;--elsewhere:#f0b95a;--logs:#2f7d66`;

/** The style of the page: light or dark as the reader's system is, a table on a wide screen, cards on a narrow one. */
export const pageStyle = `:root{color-scheme:light dark;${light}}
@media (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem;max-width:100rem;background:var(--back);color:var(--text);font:15px/1.45 system-ui,sans-serif}
h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}h2 svg,.sum svg{width:1em;height:1em;margin-right:.4em;vertical-align:-.12em}
p{margin:.25rem 0}a{color:var(--link)}a:focus-visible,summary:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.muted,small{color:var(--muted);font-size:.85rem}code{font:.9em ui-monospace,monospace;overflow-wrap:anywhere}
.gap{color:var(--bad)}
.lost{border:2px solid;border-left-width:.6rem;padding:.5rem .9rem;margin:1rem 0}.lost.some{border-color:var(--bad)}.lost.none{border-color:var(--ready)}.lost h2{margin:0;color:var(--text)}.lost ul{margin:.4rem 0 .2rem;padding-left:1.1rem}.lost li{overflow-wrap:anywhere}
.banner{border:2px solid var(--bad);border-left-width:.6rem;padding:.6rem .9rem;margin:.8rem 0}
.sum{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.6rem;list-style:none;padding:0;margin:1.2rem 0}
.sum li{background:var(--card);border-left:.4rem solid var(--c);padding:.5rem .8rem}
.sum b{display:block;font-size:1.9rem;line-height:1.2}.sum a{color:inherit}
.s-not-restorable{--c:var(--bad)}.s-unprotected{--c:var(--unprotected)}.s-unknown{--c:var(--unknown)}.s-at-risk{--c:var(--risk)}.s-ready{--c:var(--ready)}
h2{color:var(--c)}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;list-style:none;padding:0;margin:.4rem 0}.mark{width:18px;height:18px;vertical-align:-4px}
table{width:100%;border-collapse:collapse;table-layout:fixed}
th,td{text-align:left;vertical-align:top;padding:.55rem .6rem;border-top:1px solid var(--line);font-weight:400;overflow-wrap:anywhere}
thead th{font-size:.85rem;color:var(--muted);border-top:0}
tbody th{border-left:.4rem solid var(--c)}tbody th b{font-weight:600}
.w1{width:15%}.w2{width:19%}.w3{width:13%}.w4{width:11%}.w5{width:12%}
td svg{display:block;width:100%;max-width:34rem;font:10px system-ui,sans-serif}svg text{dominant-baseline:central}
summary{cursor:pointer;color:var(--link);font-size:.85rem}details ul{margin:.2rem 0;padding-left:1.1rem;font-size:.85rem}
.brief{padding-left:1.1rem;font-size:.85rem;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:auto 1fr;gap:.1rem 1rem;font-size:.85rem;color:var(--muted);margin:.8rem 0}dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere}
@media (max-width:60rem){body{padding:1rem}table,tbody,tr,th,td{display:block;width:auto}thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
tr{border-left:.4rem solid var(--c);background:var(--card);margin:0 0 .8rem;padding:.3rem 0}th,td{border:0;padding:.2rem .8rem}tbody th{border:0}
td[data-l]::before{content:attr(data-l) ": ";color:var(--muted);font-size:.85rem}}
@media print{:root{color-scheme:light;font-size:10px;${light}}body{padding:0;font-size:1rem;max-width:none}tr,li{break-inside:avoid}h2{break-after:avoid}a{color:inherit;text-decoration:none}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}`;
