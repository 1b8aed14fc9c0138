"""One folder for each outside system; each speaks to that system alone and returns core models."""
