"""What can be told of a template without rendering it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from core.liquid import lint_names, lint_reads, lint_shapes
from core.liquid.lint_json import json_findings
from core.liquid.page import Page
from core.liquid.problems import Finding
from core.render import RenderData

Rule = Callable[[Page, RenderData], Iterator[Finding]]

_RULES: tuple[Rule, ...] = (
    *(lint_reads.property_bags, lint_reads.labels, lint_reads.names, lint_reads.defaults),
    *(lint_names.unmade, lint_names.bare_namespaces, lint_names.too_early),
    *(lint_reads.two_attributes, lint_reads.quoted, lint_reads.recommendations),
    *(
        lint_shapes.entities,
        lint_shapes.key_spelling,
        lint_shapes.lost_braces,
        lint_shapes.spare_braces,
        lint_shapes.calls,
        lint_shapes.nesting,
        lint_shapes.undocumented_filters,
    ),
    json_findings,
)


def lint(page: Page, data: RenderData) -> list[Finding]:
    """The findings of every rule, in no order. Takes time linear in the text."""
    return [finding for rule in _RULES for finding in rule(page, data)]
