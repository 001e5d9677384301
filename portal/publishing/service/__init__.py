"""Use cases of publication: review and release, what flows by itself, counts. One module per ability."""
