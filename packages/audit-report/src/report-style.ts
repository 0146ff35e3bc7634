/** The style of the page, on screens and on paper. */
export const REPORT_STYLE = `
:root{--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--shade:#f6f8fa;--good:#1a7f37;--bad:#b3261e;--warn:#8a5a00}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:2rem 1.5rem 4rem;color:var(--ink);background:#fff;font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .25rem}
h2{font-size:1.2rem;margin:2.5rem 0 .75rem;padding-bottom:.3rem;border-bottom:2px solid var(--ink)}
h3{font-size:1rem;margin:1.5rem 0 .5rem}
p{margin:.5rem 0;max-width:48rem}
a{color:inherit}
.sub,.note{color:var(--soft)}
.note{font-size:.85rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.25rem;margin:1rem 0}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-size:.82rem;line-height:1.4;margin:.5rem 0}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th{white-space:nowrap;color:var(--soft);font-weight:600;border-bottom:1px solid var(--ink)}
td.number,th.number{text-align:right;white-space:nowrap}
td.time,td.success,td.failure,td.normal,td.warning,td.critical{white-space:nowrap}
td.action{overflow-wrap:normal;min-width:9rem}
table.narrow{width:auto;min-width:18rem}
code,td.id{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.92em}
pre{font-family:ui-monospace,Menlo,Consolas,"Liberation Mono",monospace;font-size:.75rem;background:var(--shade);border:1px solid var(--line);padding:.75rem;white-space:pre-wrap;overflow-wrap:anywhere}
.verdict{padding:.75rem 1rem;border-left:.3rem solid;font-weight:600;background:var(--shade)}
.good{color:var(--good)}.bad,.critical{color:var(--bad)}.warning{color:var(--warn)}
.critical,.failure{font-weight:600}
@page{size:A4;margin:16mm 14mm}
@media print{body{max-width:none;padding:0;font-size:10pt}h1{font-size:17pt}h2{font-size:12.5pt;margin-top:16pt}h2,h3{break-after:avoid}table{font-size:7.5pt}pre{font-size:7pt}tr,.verdict,dl,pre{break-inside:avoid}thead{display:table-header-group}a{text-decoration:none}}
`;
