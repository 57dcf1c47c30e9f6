/** How the article is set on paper. */
const PAPER = `
:root{--ink:#000;--ink-2:#000;--line:#000;--paper:#fff;--link:#000;--shade:#fff;color-scheme:light}
body{font-size:16pt;line-height:28.95pt;letter-spacing:-.207pt;text-spacing-trim:space-all;text-autospace:no-autospace;orphans:1;widows:1}
article{max-width:none;padding:0}
section{margin-top:0}
p{text-indent:calc(2em - .414pt)}
h1{font:700 22pt/28.95pt "FZXiaoBiaoSong-B05S","方正小标宋简体",var(--title);letter-spacing:0}
.subtitle{font-size:16pt;line-height:28.95pt;margin:0}
.byline{font:16pt/28.95pt var(--kai);letter-spacing:-.207pt;border:0;margin:0;padding:28.95pt 0}
.byline>:last-child:not(:only-child){display:none}
h2,h3,h4,h5,h6{line-height:28.95pt;margin:0;font-weight:400;text-indent:calc(2em - .414pt);break-after:avoid}
h4,h5,h6{font-weight:700}
h1,figure,tr,footer{break-inside:avoid}
.signature{break-before:avoid}
.chart svg{max-height:120mm}
table{font-size:12pt;line-height:18pt;letter-spacing:0}
figcaption,footer{font-family:inherit;font-size:14pt;line-height:28.95pt}
.table{overflow:visible}
a{text-decoration:none}
`;

/**
 * The standalone article's style sheet. On screen a quiet page of 28 characters a line; on paper the page
 * of GB/T 9704-2012: A4, a type area of 156 × 225 mm, 22 lines of 28 characters in 16 pt.
 *
 * 28 × 16 pt is 158 mm, so every character gives up 0.207 pt; a line is 225 mm / 22 = 28.95 pt high.
 */
export const ARTICLE_CSS = `
:root{--ink:#1f2328;--ink-2:#59636e;--line:#e4e2dc;--paper:#fffefb;--accent:#b3261e;--link:#2f4b7c;--mark:#fdf3cf;--shade:#f6f5f1;
--serif:"FangSong","STFangsong","FangSong_GB2312","Noto Serif SC","Noto Serif CJK SC","Songti SC","SimSun",serif;
--title:"Noto Serif SC","Noto Serif CJK SC","Songti SC","SimSun",serif;
--hei:"SimHei","Heiti SC","PingFang SC","Microsoft YaHei","Noto Sans SC","Noto Sans CJK SC",sans-serif;
--kai:"KaiTi","STKaiti","KaiTi_GB2312","Kaiti SC","Noto Serif CJK SC",serif;
--ui:"PingFang SC","Microsoft YaHei","Noto Sans SC","Noto Sans CJK SC",system-ui,sans-serif;color-scheme:light dark}
*{box-sizing:border-box;margin:0}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{background:var(--paper);color:var(--ink);font:19px/2 var(--serif);overflow-wrap:break-word}
article{max-width:calc(28em + 48px);margin:0 auto;padding:58px 24px 72px}
h1{font:700 31px/1.5 var(--title);text-align:center;text-wrap:balance}
.subtitle{font:400 20px/1.7 var(--kai);text-align:center;text-indent:0;margin-top:8px}
.byline{font:13.5px/1.8 var(--ui);color:var(--ink-2);text-align:center;text-indent:0;margin:14px 0 34px;padding-bottom:18px;border-bottom:1px solid var(--line)}
.byline>*{display:inline-block}
p,.quote{text-indent:2em;text-align:justify}
section{margin-top:6px}
h2,h3,h4,h5,h6{font-size:1em;line-height:2;text-indent:2em;break-after:avoid}
h2{font-family:var(--hei);font-weight:600;margin-top:14px}
h3{font-family:var(--kai);font-weight:600}
h4,h5,h6{font-weight:700}
strong{font-weight:700}
cite{font-style:normal}
data,time{white-space:nowrap;font-variant-numeric:tabular-nums}
a{color:var(--link);text-underline-offset:.2em}
a:focus-visible,.table:focus-visible{outline:2px solid var(--link);outline-offset:2px}
mark{background:var(--mark);color:inherit}
.title{font-weight:700;text-align:center;text-indent:0}
.signature{text-align:right;text-indent:0;padding-right:2em}
ul,ol{padding-left:3.6em}
li>ul,li>ol{padding-left:1.8em}
blockquote{font-family:var(--kai);margin:10px 0 10px 2em;padding-left:1em;border-left:3px solid var(--line)}
blockquote p{text-indent:0}
figure{margin:22px 0;text-align:center}
img{max-width:100%;height:auto;vertical-align:top}
figcaption{font:14px/1.7 var(--ui);color:var(--ink-2);margin-top:8px}
.table{overflow-x:auto;margin:18px 0}
table{width:100%;border-collapse:collapse;font-size:16px;line-height:1.7}
th,td{border:1px solid var(--line);padding:6px 10px;text-align:left;vertical-align:top;font-variant-numeric:tabular-nums;min-width:4em}
th{background:var(--shade);font-weight:600}
td p,th p{text-indent:0;text-align:inherit}
td>ul,td>ol,th>ul,th>ol{padding-left:1.6em}
caption{font:14px/1.7 var(--ui);color:var(--ink-2);padding-bottom:6px}
.chart svg{font-family:var(--ui);vertical-align:top}
hr{border:0;border-top:1px solid var(--line);width:8em;margin:28px auto}
footer{border-top:1px solid var(--line);margin-top:44px;padding-top:18px;font:13.5px/1.9 var(--ui);color:var(--ink-2)}
footer p{text-indent:0;text-align:left}
footer svg{float:right;margin-left:18px}
footer::after{content:"";display:block;clear:both}
footer strong{color:var(--ink);font-weight:600}
@media (max-width:560px){body{font-size:18px}h1{font-size:25px}article{padding:34px 20px 56px}p,.quote{text-align:left}blockquote{margin-left:1em}ul,ol{padding-left:2.4em}}
@media screen and (prefers-color-scheme:dark){:root{--ink:#e6e4df;--ink-2:#a9adb3;--line:#3a3b3d;--paper:#232426;--accent:#ef8a80;--link:#9db7e6;--mark:#564a1c;--shade:#2c2d30}}
@page{size:A4;margin:37mm 26mm 35mm 28mm}
@page :right{@bottom-right{content:"— " counter(page) " —";font:14pt "SimSun","Songti SC","Noto Serif CJK SC",serif;vertical-align:top;padding:7mm 14pt 0 0}}
@page :left{@bottom-left{content:"— " counter(page) " —";font:14pt "SimSun","Songti SC","Noto Serif CJK SC",serif;vertical-align:top;padding:7mm 0 0 14pt}}
@media print{${PAPER}}
`;

/** After {@link ARTICLE_CSS}: shows on a screen what paper would, on sheets as wide as A4. */
export const PAPER_CSS = `${PAPER}
html{background:#d6d6d6}
body{background:none}
article{width:210mm;min-height:297mm;margin:0 auto;padding:37mm 26mm 35mm 28mm;background:#fff}
@media (max-width:820px){html{zoom:.46}}
`;
