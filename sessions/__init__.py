"""The live lounge: meetings in which every question ends as an answer, a commitment or a case."""
