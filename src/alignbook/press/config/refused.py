"""The keys of Jupyter Book 1 that this book refuses, each with its reason.

Every key that Jupyter Book 1 reads is either in the schema or here; a test holds us to that.
"""

_NO_OTHER_HOST = "the built site makes no request to any other host"

REFUSED: dict[str, str] = {
    "bibtex_reference_style": "Jupyter Book reads it and drops it; set sphinx.config.bibtex_reference_style",
    "execute.eval_regex": "prose quotes computed numbers with the {value} role",
    "execute.raise_on_error": "it is always true here; to let cells fail, set execute.allow_errors",
    "execute.show_tb": "it is always true here",
    "html.analytics": f"it would track readers, and {_NO_OTHER_HOST}",
    "html.comments": f"comments are loaded from a server, and {_NO_OTHER_HOST}",
    "html.google_analytics_id": f"it would track readers, and {_NO_OTHER_HOST}",
    "html.navbar_footer_text": "Jupyter Book gave it up; set html.extra_footer",
    "html.use_multitoc_numbering": "the book has one numbered table of contents",
    "latex.use_jupyterbook_latex": "the PDF has a style of its own",
    "launch_buttons": f"Binder, JupyterHub, Colab and Thebe run on a server, and {_NO_OTHER_HOST}",
    "only_build_toc_files": "there is no _toc.yml; pages outside the toctree stop the build",
    "parse.myst_extended_syntax": "Jupyter Book gave it up; set parse.myst_enable_extensions",
    "project": "the title serves",
    "sphinx.local_extensions": "name an importable extension in sphinx.extra_extensions",
    "sphinx.recursive_update": "the mappings in sphinx.config are always merged into what the other keys set",
}

REFUSED_OPTIONS = {
    "comments_config": "html.comments",
    "html_theme_options.analytics": "html.analytics",
    "html_theme_options.launch_buttons": "launch_buttons",
}
"""The Sphinx options behind refused keys, which ``sphinx.config`` may not set either."""
