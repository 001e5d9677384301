"""Administration: people, units, areas, categories, channels and number series, by page and by command."""
