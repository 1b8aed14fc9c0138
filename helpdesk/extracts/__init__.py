"""Files from practices and providers: checked, then swapped in whole or refused whole."""
