"""Writing: what each kind of post asks for, templates, drafts, versions, accepted answers, and what a post can become."""
