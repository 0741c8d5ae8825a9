"""调代课台账: every change of a real lesson, written once and never changed."""
