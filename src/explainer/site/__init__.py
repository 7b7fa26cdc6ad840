"""The site's own machinery: the only code that may import markdown, mkdocs or markdown-exec."""
