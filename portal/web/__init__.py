"""What every page stands on: rendering, access, errors, language, caching. Knows no feature above it."""
