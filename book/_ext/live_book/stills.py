"""What stands in the page where a cell shows ipywidgets: the pictures and words they had when the book was
built.

Where JavaScript runs, the page's scripts put the controls in their place; elsewhere the still is all there
is.
"""

import json
import re
from typing import Any

from html_templates import render
from sphinx.application import Sphinx

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = re.compile(
    r'<script type="application/vnd\.jupyter\.widget-view\+json">\s*(\{.*?\})\s*</script>', re.DOTALL
)


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


def shown(output: dict[str, Any]) -> list[dict[str, str]]:
    """One output of a notebook as what the template knows: a text, an image, HTML; or nothing."""
    if output["output_type"] == "stream":
        return [{"kind": "text", "text": joined(output["text"])}]
    data = output.get("data", {})
    plain = joined(data.get("text/plain", ""))
    if "image/png" in data:
        return [{"kind": "image", "data": joined(data["image/png"]).strip(), "text": plain}]
    if "text/html" in data:
        return [{"kind": "html", "html": joined(data["text/html"])}]
    return [{"kind": "text", "text": plain}] if plain else []


def parts(models: dict[str, Any], model: str) -> list[dict[str, str]]:
    """A control and all that is in it: outputs and values, the innermost first."""
    state = models.get(model, {}).get("state", {})
    children = [child.removeprefix("IPY_MODEL_") for child in state.get("children", [])]
    inside = [part for child in children for part in parts(models, child)]
    inside += [part for output in state.get("outputs", []) for part in shown(output)]
    if "value" in state and isinstance(state["value"], (int, float, str)):
        name = str(state.get("description") or "")
        inside.append({"kind": "value", "name": name, "value": str(state["value"])})
    return inside


def place(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """A still before every control of the page."""
    if "widget-view+json" not in context.get("body", ""):
        return
    models = saved_state(context)

    def with_still(match: re.Match[str]) -> str:
        model = json.loads(match[1])["model_id"]
        return render("control_still", parts=parts(models, model)) + match[0]

    context["body"] = VIEW.sub(with_still, context["body"])


def register(app: Sphinx) -> None:
    """When a page is written."""
    app.connect("html-page-context", place, priority=700)
