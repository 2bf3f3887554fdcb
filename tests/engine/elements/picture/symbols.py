"""The symbols of the standard, each drawn around (0, 0) in a box of about 20 by 20."""

from __future__ import annotations

_CLOCK = '<circle r="9"/><path d="M0-6V0L4 3M0-9v3M0 9V6M-9 0h3M9 0H6"/>'
_ENVELOPE = "M-9-6H9V6H-9ZM-9-6 0 1 9-6"

SHAPES = {
    "message": f'<path d="{_ENVELOPE}"/>',
    "timer": _CLOCK,
    "signal": '<path d="M0-9 9 7H-9Z"/>',
    "conditional": '<path d="M-7-9H7V9H-7ZM-4-5H4M-4-1.5H4M-4 2H4M-4 5.5H4"/>',
    "error": '<path d="M-8 8-3-7 3 3 8-8 3.500 8-2.500-2Z"/>',
    "escalation": '<path d="M0-9 7 8 0 1-7 8Z"/>',
    "compensation": '<path d="M-1-7V7L-10 0ZM9-7V7L0 0Z"/>',
    "link": '<path d="M-9-4H2V-9L10 0 2 9V4H-9Z"/>',
    "terminate": '<circle r="10"/>',
    "cancel": '<path d="M-9-6-6-9 0-3 6-9 9-6 3 0 9 6 6 9 0 3-6 9-9 6-3 0Z"/>',
}
ALWAYS_FILLED = frozenset({"terminate"})

MARKERS = {
    "userTask": '<circle cy="-4" r="4"/><path d="M-7 8C-7 1 7 1 7 8Z"/>',
    "manualTask": '<path d="M-8 6V-2L-2-7 0-5-4-1H8V1H-1M8 1H7V4H-1M7 4H6V7H-8"/>',
    "serviceTask": '<circle r="3"/><path d="M0-8V-5M0 8V5M-8 0h3M8 0H5M-6-6l2 2M6 6 4 4M6-6 4-4M-6 6l2-2"/><circle r="5.500"/>',
    "sendTask": f'<path class="full" d="{_ENVELOPE}"/>',
    "receiveTask": f'<path d="{_ENVELOPE}"/>',
    "businessRuleTask": '<path d="M-9-7H9V7H-9ZM-9-2H9M-9 2.500H9M-3-2V7"/><path class="full" d="M-9-7H9V-2H-9Z"/>',
    "scriptTask": '<path d="M-5-8H7C2-3 9 3 4 8H-8C-3 3-10-3-5-8ZM-4-4H3M-3 0H4M-3 4H4"/>',
}
GATEWAYS = {
    "exclusiveGateway": '<path class="bold" d="M-7-7 7 7M7-7-7 7"/>',
    "parallelGateway": '<path class="bold" d="M0-10V10M-10 0H10"/>',
    "inclusiveGateway": '<circle class="bold" r="9"/>',
    "eventBasedGateway": '<circle r="13"/><circle r="10"/><path d="M0-6 6-1.500 4 5H-4L-6-1.500Z"/>',
    "complexGateway": '<path class="bold" d="M0-10V10M-10 0H10M-7-7 7 7M7-7-7 7"/>',
}
BELOW = {
    "sequential": '<path class="bold" d="M-6-4H6M-6 0H6M-6 4H6"/>',
    "parallel": '<path class="bold" d="M-4-6V6M0-6V6M4-6V6"/>',
    "standard": '<path class="bold" d="M-2 6A6 6 0 1 1 3 5M3 5V1M3 5H-1"/>',
    "ad hoc": '<path class="bold" d="M-8 2C-4-6 4 6 8-2"/>',
    "compensation": '<path d="M0-5V5L-7 0ZM7-5V5L0 0Z"/>',
    "collapsed": '<path d="M-6-6H6V6H-6ZM0-4V4M-4 0H4"/>',
}
