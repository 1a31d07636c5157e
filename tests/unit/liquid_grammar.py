"""Templates out of a grammar of standard Liquid: nested blocks, chains of filters, white space control."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

NAMES = ["s", "n", "f", "neg", "t", "fl", "nil", "e", "ws", "arr", "mixed", "objs", "h", "csv", "num", "dec", "lines"]
PATHS = [
    *NAMES,
    "h.a",
    "h.c",
    "h['a']",
    "objs[0].name",
    "objs[1]['v']",
    "arr[i]",
    "objs[0][key]",
    "arr.first",
    "arr.size",
]
PATHS += ["s.size", "objs.last.name", "nosuch", "h.nosuch.x", "arr[-1]", "nested", "nested[1][0]", "h.first", "h.size"]
LITERALS = ["5", "-1", "0", "2.5", "'x'", '"a b"', "''", "true", "false", "nil", "empty", "'5'", "'World'", "(1..3)"]
PLAIN = """upcase downcase capitalize size first last reverse sort sort_natural uniq compact join strip lstrip rstrip
strip_html strip_newlines newline_to_br escape escape_once url_encode url_decode abs ceil floor round base64_encode
truncate truncatewords"""
FILTERS = {
    "": PLAIN.split(),
    "number": ["plus", "minus", "times", "divided_by", "modulo", "at_least", "at_most", "round"],
    "text": ["append", "prepend", "remove", "remove_first", "split", "join", "default"],
    "two": ["replace", "replace_first", "slice", "truncate", "truncatewords"],
    "field": ["map", "where", "sort", "sort_natural", "uniq", "compact"],
}
NUMBERS = ["1", "2", "3", "0", "-2", "0.5", "n", "f", "'4'"]
TEXTS = ["'a'", "' '", "','", "''", "'l'", "s", "n", "'o'"]
PAIRS = {
    "replace": ["'l', 'L'", "'', '-'", "s, 'x'"],
    "replace_first": ["'o', '0'", "'l', s"],
    "slice": ["1, 2", "-2, 2", "0, n"],
    "truncate": ["5, '~'", "7", "3, ''"],
    "truncatewords": ["1", "2, '~'"],
}
FIELDS = ["'name'", "'v'", "'ok'", "key"]

value = st.sampled_from(PATHS) | st.sampled_from(LITERALS)


@st.composite
def filtered(draw: st.DrawFn) -> str:
    """A value and up to three filters."""
    parts = [draw(value)]
    for _ in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(list(FILTERS)))
        name = draw(st.sampled_from(FILTERS[kind]))
        choices = {"": [""], "number": NUMBERS, "text": TEXTS, "two": PAIRS.get(name, [""]), "field": FIELDS}[kind]
        argument = draw(st.sampled_from(choices))
        parts.append(f"{name}: {argument}" if argument else name)
    return " | ".join(parts)


@st.composite
def condition(draw: st.DrawFn) -> str:
    """Up to three comparisons, joined."""
    pieces = []
    for _ in range(draw(st.integers(1, 3))):
        operator = draw(st.sampled_from(["", "==", "!=", "<", ">", "<=", ">=", "contains", "<>"]))
        left = draw(value)
        pieces.append(f"{left} {operator} {draw(value)}" if operator else left)
        pieces.append(draw(st.sampled_from(["and", "or"])))
    return " ".join(pieces[:-1])


def blocks(inner: SearchStrategy[str]) -> SearchStrategy[str]:
    """One level of tags around `inner`."""
    name = st.sampled_from(["a", "b", "x", "s", "n"])
    item = st.sampled_from(["i", "x", "s"])
    source = st.sampled_from(["arr", "objs", "h", "mixed", "(1..4)", "(i..n)", "s", "nosuch", "nested", "ea", "csv"])
    options = st.sampled_from(
        ["", " limit:2", " offset:1", " reversed", " limit: n offset: i", " offset:continue limit:1"]
    )
    jump = st.sampled_from(["", "", "{% break %}", "{% continue %}", "{{forloop.index}}", "{{forloop.last}}"])
    made = [
        st.builds("{{% if {} %}}{}{{% endif %}}".format, condition(), inner),
        st.builds(
            "{{% if {} %}}{}{{% elsif {} %}}{}{{% else %}}{}{{% endif %}}".format,
            condition(),
            inner,
            condition(),
            inner,
            inner,
        ),
        st.builds("{{% unless {} %}}{}{{% else %}}{}{{% endunless %}}".format, condition(), inner, inner),
        st.builds(
            "{{% case {} %}}{{% when {}, {} %}}{}{{% when {} or {} %}}{}{{% else %}}{}{{% endcase %}}".format,
            value,
            value,
            value,
            inner,
            value,
            value,
            inner,
            inner,
        ),
        st.builds(
            "{{% for {} in {}{} %}}{}{}{{% else %}}{}{{% endfor %}}".format, item, source, options, inner, jump, inner
        ),
        st.builds(
            "{{% for {} in {} %}}{}{{% if forloop.index > 2 %}}{}{{% endif %}}{{% endfor %}}".format,
            item,
            source,
            inner,
            jump,
        ),
        st.builds("{{% for {} in {} %}}{}{{% else %}}{}{{% else %}}{}".format, item, source, inner, inner, inner),
        st.builds(
            "{{% for {} in {} %}}{}{{% for {} in {} %}}{}{{% else %}}{}{{% else %}}{}{{% endfor %}}".format,
            item,
            source,
            inner,
            item,
            source,
            inner,
            inner,
            inner,
        ),
        st.builds("{{% capture {} %}}{}{{% endcapture %}}[{{{{ {} }}}}]".format, name, inner, name),
        st.builds("{{% assign {} = {} %}}{}{{{{ {} }}}}".format, name, filtered(), inner, name),
        st.builds("{{% tablerow {} in {} cols:2 %}}{}{{% endtablerow %}}".format, item, source, inner),
        st.builds("{{% ifchanged %}}{}{{% endifchanged %}}".format, inner),
        st.builds("{{% comment %}}{}{{% endcomment %}}{}".format, inner, inner),
        st.builds(
            "{{% liquid\n assign {} = {}\n echo {}\n if {}\n echo {}\n endif\n%}}".format,
            name,
            filtered(),
            name,
            condition(),
            value,
        ),
    ]
    return st.one_of(made)


text = st.sampled_from(["", " ", "\n", "x", "\n  y \n", "é "])
leaf = st.one_of(
    st.builds("{{{{ {} }}}}".format, filtered()),
    st.builds("{{{{- {} -}}}}".format, filtered()),
    st.builds("{{% echo {} %}}".format, filtered()),
    st.sampled_from(["{% cycle 'a', 'b', 'c' %}", "{% cycle 'g': 1, 2 %}", "{% cycle \"a\",'b' , 'c' %}"]),
    st.sampled_from(
        ["{% increment q %}", "{% decrement q %}", "{{ 'a' | upcase? | append: 'b' }}", "{{ s | size-x }}"]
    ),
    st.sampled_from(["{% raw %}{{ s }}{% endraw %}", "{% # note %}", "{{ i }}", "{{ x }}", "{{ forloop.index0 }}"]),
    text,
)
some = st.lists(st.one_of(leaf, text), min_size=1, max_size=3).map("".join)
templates = st.recursive(some, lambda inner: st.tuples(text, blocks(inner), text).map("".join), max_leaves=8)

AMOUNTS = """0 -0 1 -1 2 -3 7 100 0.0 -0.0 0.5 -0.5 1.5 -2.5 0.1 3.0 99.995 1000000.5 0.001 12345678901234567890 nil
true '5' '-1' '0.5' '-0.0' 'abc' '' '2.50' '1_000' '1.' '.5' fx fs neg0 n f"""
CALCULATIONS = ["plus", "minus", "times", "divided_by", "modulo", "at_least", "at_most", "round"]


@st.composite
def sums(draw: st.DrawFn) -> str:
    """A number and up to three steps of arithmetic."""
    amount = st.sampled_from(AMOUNTS.split())
    parts = [draw(amount)]
    for _ in range(draw(st.integers(1, 3))):
        alone = draw(st.sampled_from(["abs", "round", "ceil", "floor", "", "", "", ""]))
        parts.append(alone or f"{draw(st.sampled_from(CALCULATIONS))}: {draw(amount)}")
    return "{{ " + " | ".join(parts) + " }}"


# What opens and closes comments and raw text, in any order: who hides whom, and which dash strips what.
HIDING = """{% raw %}~{% raw -%}~{%- raw -%}~{% endraw %}~{% endraw -%}~{%- endraw %}~{%endraw x%}~{% endraw~{% raw x %}
~{% comment %}~{%- comment -%}~{% endcomment %}~{%- endcomment -%}~{% endcomment x %}~{% if s %}~{% endif %}~{% if %}
~{% else %}~{% bogus %}~{% endfor %}~{%~%}~ ~  x ~y~{% # note %}~{% raw%}~{% liquid
comment
endcomment %}~{% liquid
echo s %}"""
# No outputs around a lone {{, for braces in braces are Braze's own.
_hidden = st.one_of(
    st.lists(st.sampled_from([*HIDING.split("~"), *outputs]), min_size=1, max_size=7).map("".join)
    for outputs in (["{{ s }}", "{{ s }", "{{ 'a' | upcase? }}", "}}"], ["{{ 'a' "])
)
hiding = st.one_of(
    _hidden,
    st.builds("a {{% raw %}}{}{{% endraw %}} b".format, _hidden),
    st.builds("a {{% comment %}}{}{{% endcomment %}} b".format, _hidden),
    st.builds("a {{%- raw -%}} {}{{% endraw %}} b{{% comment %}} {}{{% endcomment -%}} c".format, _hidden, _hidden),
)

# Pieces of dates: Y a year, y one of two digits, m d H M S as in strftime, j a day of the year, n a fraction, z a zone,
# B a month's name, a a weekday's, e an era.
DATE_SHAPES = """Y-m-d|Y-m-dTH:M:Sz|Y-m-d H:M:S z|Y-m-d H:M:S.n z|'Y-m-d|-Ymd|Ymd|YmdTHMSz|Ymd[z:z]|Ymd[z]|ymd|Yj|Y-j
d B Y|B d, Y|B d e Y|d B Y e|d B e Y H:M z|e Y B d|d-B-Y|B-d-Y|B Y|a, d B Y H:M:S z|d B 'y|y B d|H:M:S.n z|H:M z|H pm
d/m/Y|m/d|m.d.y H|d.m.Y H:M|--m-d|Y-W01-1|Hh30|d th of B|B dth Y|Y bc|n|Y"""
ZONES = """z utc +0000 -0000 -00:00 -00 +05:30 -0800 +14:00 -23:59 +24:00 est gmt gmt+1 xyz -5 9 +0530:15 a -00:10
-00:00:30"""
YEARS = """2020 2024 1969 0001 0000 9999 10000 12020 55840 -1 -2020 -0004 +2020 99 5 123 123456789012345678"""
DATE_PIECES = {
    "Y": YEARS.split(),
    "y": ["20", "69", "68", "00", "-20"],
    "m": ["01", "12", "02", "3", "13", "00"],
    "d": ["01", "31", "30", "29", "5", "32", "00"],
    "H": ["00", "9", "12", "23", "24", "25"],
    "M": ["00", "30", "59", "60"],
    "S": ["00", "05", "59", "60", "61"],
    "j": ["001", "060", "366", "367"],
    "n": ["5", "123456", "123456789", "1234567890123", "000000", ""],
    "z": ZONES.split(),
    "B": ["jan", "February", "mar", "MAY", "sept", "dec", "märz"],
    "a": ["mon", "Tuesday", "sun."],
    "e": ["bc", "BCE", "b.c.", "ad", "ce", "b.c.e.", "est"],
}
SLIPS = ["", " ", "-", ":", ".", "/", "'", "bc", "z", "7", "2020", "[", "]", "th"]
DATE_FORMATS = ["%Y-%m-%d %H:%M:%S.%N %z|%Z|%s|%-z", "%G %V %j %a|%C %y|%c|%v", "%-Y|%8Y|%_8Y|%5C|%x|%F", "%12N|%_-z"]


@st.composite
def dated(draw: st.DrawFn) -> str:
    """A text or number as a date: of odd years and zones, sometimes two in one, sometimes mistyped."""
    if draw(st.integers(0, 9)) == 0:
        seconds = draw(st.integers(-(10**14), 10**15))
        given = draw(st.sampled_from([str(seconds), f"'{abs(seconds)}'"]))
    else:
        shapes = draw(st.lists(st.sampled_from(DATE_SHAPES.replace("\n", "|").split("|")), min_size=1, max_size=2))
        pieces = [draw(st.sampled_from(DATE_PIECES.get(letter, [letter]))) for letter in " ".join(shapes)]
        if draw(st.booleans()):
            at = draw(st.integers(0, len(pieces) - 1))
            pieces[at] = draw(st.sampled_from(SLIPS))
        whole = "".join(pieces)
        given = f'"{whole}"' if "'" in whole else f"'{whole}'"
    return f"{{{{ {given} | date: '{draw(st.sampled_from(DATE_FORMATS))}' }}}}"


LINE_BLOCKS = [
    (["if n > 3"], ["else", "echo 'no'", "endif"]),
    (["for i in arr"], ["endfor"]),
    (["for i in ea"], ["else", "echo 'none'", "endfor"]),
    (["for i in ea"], ["else", "echo 'none'", "else", "echo 'two'"]),
    (["comment"], ["endcomment"]),
    (["comment"], ["endcomment"]),
    (["capture z"], ["endcapture", "echo z"]),
    (["unless fl"], ["endunless"]),
    (["ifchanged"], ["endifchanged"]),
    (["tablerow i in arr cols:2"], ["endtablerow"]),
    (["case n", "when 5"], ["else", "endcase"]),
    ([], []),
]
SOUND_LINES = [
    "echo i",
    "echo s",
    "echo z | upcase?",
    "assign z = n",
    "cycle 'a','b'",
    "increment c",
    "# note",
    "",
    "  ",
]
ODD_LINES = """break|continue|= 3|bogus|if|if s|endif|else|elsif n > 3|for i in arr|endfor|comment|endcomment|raw|endraw
when 5|endcase|capture z|endcapture|unless t|endunless|endtablerow|ifchanged|endifchanged|liquid echo s|liquid|echo"""
_lines = st.lists(st.sampled_from(SOUND_LINES), max_size=3)
_odd_lines = st.lists(st.sampled_from(ODD_LINES.replace("\n", "|").split("|")), min_size=1, max_size=2)
AROUND = ["{}", "{}", "{}", "{{% for i in arr %}}{}{{% endfor %}}", "{{% comment %}}{}{{% endcomment %}}"]


@st.composite
def lines(draw: st.DrawFn) -> str:
    """A liquid tag of blocks in blocks, now and then with a line too many, perhaps in a loop or a comment."""
    odd = draw(st.integers(0, 5))

    def block(depth: int) -> list[str]:
        inner = draw(_lines) if depth > 2 or draw(st.booleans()) else block(depth + 1) + block(depth + 1)
        if odd == depth:
            inner += draw(_odd_lines)
        head, tail = draw(st.sampled_from(LINE_BLOCKS))
        return [*head, *inner, *tail]

    made = block(0) + (block(0) if draw(st.booleans()) else [])
    body, dash = draw(st.sampled_from(["\n", "\n  "])).join(made), draw(st.sampled_from(["", "-"]))
    end = draw(st.sampled_from(["", " ", "\n"]))
    return str(draw(st.sampled_from(AROUND))).format(f"a {{%{dash} liquid\n{body}{end}{dash}%}} b")


TEXT_ITEMS = st.sampled_from(["a", "B", "b", "A", "c", "_", "Z", "é", "É", "", "10", "9", None, None])
NUMBER_ITEMS = st.sampled_from([1, 2, 3, 10, -1, 0, 1.5, 2.0, None, None])
FIELD_ITEMS = st.builds(lambda key, value: {key: value}, st.sampled_from("kkkkj"), TEXT_ITEMS | NUMBER_ITEMS)
ODD_ITEMS = st.sampled_from([None, True, False, 5, "kick", [1], [None], [1, "x"], {}, {"k": []}])
lists = st.one_of(
    *(st.lists(items, max_size=24) for items in (TEXT_ITEMS, NUMBER_ITEMS, FIELD_ITEMS)),
    st.lists(st.one_of(TEXT_ITEMS, NUMBER_ITEMS, FIELD_ITEMS, ODD_ITEMS), max_size=9),
)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A template in which one character was left out, doubled or mistyped."""
    whole = draw(templates)
    at = draw(st.integers(0, max(len(whole) - 1, 0)))
    piece = draw(
        st.sampled_from(["", "", whole[at : at + 1] * 2, " ", "'", '"', "|", ":", ".", ",", "[", "]", "(", "=", "-"])
    )
    return whole[:at] + piece + whole[at + 1 :]
