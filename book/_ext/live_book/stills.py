"""What stands in the page where a cell shows ipywidgets: the pictures and words they had when the book was built.

Where JavaScript runs, the page's scripts put the controls in their place; elsewhere the still is all there is.
"""

import html
import json
import re
from typing import Any

from sphinx.application import Sphinx

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = re.compile(
    r'<script type="application/vnd\.jupyter\.widget-view\+json">\s*(\{.*?\})\s*</script>', re.DOTALL
)
MISSING = "<p>A control, which needs JavaScript.</p>"


def saved_state(context: dict[str, Any]) -> dict[str, Any]:
    """The widgets of this page, as the run at build time left them: {model id: {"model_name", "state"}}."""
    for script in context.get("script_files", []):
        attributes = getattr(script, "attributes", {})
        if attributes.get("type") == STATE:
            return dict(json.loads(attributes["body"])["state"])
    return {}


def joined(text: str | list[str]) -> str:
    """A notebook's text may be a list of lines."""
    return text if isinstance(text, str) else "".join(text)


def picture(output: dict[str, Any]) -> str:
    """One output of a notebook as HTML, or nothing."""
    if output["output_type"] == "stream":
        return f"<pre>{html.escape(joined(output['text']))}</pre>"
    data = output.get("data", {})
    plain = html.escape(joined(data.get("text/plain", "")))
    if "image/png" in data:
        return f'<img src="data:image/png;base64,{joined(data["image/png"]).strip()}" alt="{plain}">'
    if "text/html" in data:
        return joined(data["text/html"])
    return f"<pre>{plain}</pre>" if plain else ""


def still(models: dict[str, Any], model: str) -> str:
    """A control and all that is in it, in words and pictures."""
    state = models.get(model, {}).get("state", {})
    inside = [still(models, child.removeprefix("IPY_MODEL_")) for child in state.get("children", [])]
    inside += [picture(output) for output in state.get("outputs", [])]
    if "value" in state and isinstance(state["value"], (int, float, str)):
        name = html.escape(str(state.get("description") or ""))
        inside.append(f"<p>{name}{' = ' if name else ''}{html.escape(str(state['value']))}</p>")
    return "\n".join(part for part in inside if part)


def place(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """A still before every control of the page."""
    if "widget-view+json" not in context.get("body", ""):
        return
    models = saved_state(context)

    def with_still(match: re.Match[str]) -> str:
        shown = still(models, json.loads(match[1])["model_id"]) or MISSING
        return f'<div class="live-still">{shown}</div>{match[0]}'

    context["body"] = VIEW.sub(with_still, context["body"])


def register(app: Sphinx) -> None:
    """When a page is written."""
    app.connect("html-page-context", place, priority=700)
