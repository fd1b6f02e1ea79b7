"""What the models are called and what each is for: one set of words, for the Models page, the Open page and its button.

A kind is the part of an embedder's name before the colon, as the registry takes it.
"""

from __future__ import annotations

from pages.ui.i18n import _


def titles() -> dict[str, str]:
    """Kind of model → its name in plain words, the technical one in brackets; in the order they are offered."""
    return {
        "auto": _("Automatic (recommended)"),
        "bundled": _("Small English model (bundled)"),
        "offline-zh": _("Chinese and others without a network (offline-zh)"),
        "st": _("Any Hugging Face model or folder (st)"),
        "dashscope": _("Alibaba Cloud (DashScope)"),
        "ollama": _("Ollama"),
        "openai": _("A server that speaks OpenAI’s format"),
        "lexical": _("Letters alone, no model (lexical)"),
    }


def purposes() -> dict[str, str]:
    """Kind of model → what it is for, a sentence or two; none for the automatic choice, which says why it took what."""
    return {
        "bundled": _("all-MiniLM-L6-v2: quick, needs no network. For English."),
        "offline-zh": _(
            "Reads Chinese word for word through a dictionary and the small English model; English works as well. "
            "Other languages are compared mostly by how their words are written."
        ),
        "st": _("A model that you choose, run on this computer; many read a hundred languages."),
        "dashscope": _("text-embedding-v4: a large model for a hundred languages, run by a provider."),
        "ollama": _("Models run by the Ollama program, on this computer or on one that you set with OLLAMA_HOST."),
        "openai": _("OpenAI itself, another provider, or a server of your own (vLLM, llama.cpp, LM Studio, …)."),
        "lexical": _(
            "Compares how words are written: quick, and for any language, but words that mean the same stay strangers."
        ),
    }
